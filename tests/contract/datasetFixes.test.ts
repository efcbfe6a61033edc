import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DatasetSummary } from '../../src-main/contract/datasets.ts';
import type { HealthFixRequest } from '../../src-main/contract/health.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();

let files = 0;
async function importRows(rows: readonly Record<string, unknown>[]): Promise<DatasetSummary> {
  const file = path.join(folder.path, `rows${files++}.jsonl`);
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return host.client.datasets.import({
    files: [{ path: file }],
    mapping: { roles: { text: 'text', label: 'label' }, splitColumn: 'split' },
  });
}

async function textsOf({ id }: DatasetSummary): Promise<string[]> {
  const { rows } = await host.client.datasets.rows({ id, limit: 500 });
  return rows.map(({ fields, split }) => `${split} ${fields['label'] ?? ''}: ${fields['text'] ?? ''}`);
}
const findingsOf = async ({ id }: DatasetSummary) =>
  (await host.client.datasets.check({ source: { datasetId: id } })).findings;

const mailed = 'write to kim@example.com or 010-1234-5678';
const rows = [
  { split: 'train', label: 'a', text: 'the same question again', meta: { note: 'call 010-1234-5678' } },
  { split: 'train', label: 'a', text: 'The same  question again' },
  { split: 'test', label: 'b', text: 'the same question again ' },
  { split: 'train', label: 'b', text: mailed, meta: [mailed, 5] },
  { split: 'train', label: 'a', text: Buffer.from('한글 문장입니다', 'utf8').toString('latin1') },
  { split: 'validation', label: 'b', text: '?!' },
];

describe('a fix makes a new version', () => {
  const cases: [HealthFixRequest['check'], HealthFixRequest['fix'], (texts: string[]) => string[]][] = [
    ['exactDuplicates', 'keepOne', (texts) => texts.filter((_, row) => row !== 1 && row !== 2)],
    [
      'leakage',
      'moveToTraining',
      (texts) => texts.map((text, row) => (row === 2 ? text.replace('test', 'train') : text)),
    ],
    [
      'conflictingLabels',
      'majorityLabel',
      (texts) => texts.map((text, row) => (row === 2 ? text.replace('b:', 'a:') : text)),
    ],
    ['emptyTexts', 'removeRows', (texts) => texts.slice(0, 5)],
    [
      'personalData',
      'mask',
      (texts) => texts.map((text) => text.replace(mailed, 'write to ***@*******.*** or ***-****-****')),
    ],
    [
      'encodingDamage',
      'repairEncoding',
      (texts) => texts.map((text, row) => (row === 4 ? 'train a: 한글 문장입니다' : text)),
    ],
    ['untidyTexts', 'tidy', (texts) => texts.map((text) => text.replace('  ', ' ').trimEnd())],
  ];
  test.each(cases)('%s: %s', async (check, fix, expected) => {
    const dataset = await importRows(rows);
    const before = await textsOf(dataset);
    const made = await host.client.datasets.fix({ id: dataset.id, check, fix });
    expect(await textsOf(made)).toEqual(expected(before));
    expect(made.change).toMatchObject({ kind: 'fixed', check, fix });
    expect(made.author).not.toBe('');
    expect((await findingsOf(made)).map((finding) => finding.check)).not.toContain(check);
    expect(await textsOf(dataset)).toEqual(before);

    const undone = await host.client.datasets.undo({ id: made.id });
    expect(undone.versionHash).toBe(dataset.versionHash);
    const redone = await host.client.datasets.redo({ id: undone.id });
    expect(redone.versionHash).toBe(made.versionHash);
  });
});

test('personal data is masked in every column, also deep inside', async () => {
  const dataset = await importRows(rows);
  const made = await host.client.datasets.fix({ id: dataset.id, check: 'personalData' });
  const target = path.join(folder.path, 'masked.jsonl');
  await host.client.datasets.export({ id: made.id, path: target, format: 'jsonl' });
  const written = await readFile(target, 'utf8');
  expect(written).not.toContain('kim@example');
  expect(written).toContain('"meta":["write to ***@*******.*** or ***-****-****",5]');
});

test('rows can be chosen, and other groups stay', async () => {
  const dataset = await importRows([
    ...['x', 'x', 'y', 'y'].map((text) => ({ split: 'train', label: text, text: `text ${text}` })),
    { split: 'train', label: 'z', text: 'another' },
  ]);
  const made = await host.client.datasets.fix({ id: dataset.id, check: 'exactDuplicates', rows: [4] });
  expect((await textsOf(made)).map((text) => text.at(-1))).toEqual(['x', 'x', 'y', 'r']);
});

test('resampling brings labels nearer together, in training only', async () => {
  const many = Array.from({ length: 60 }, (_, row) => ({
    split: row % 6 === 5 ? 'test' : 'train',
    label: row < 5 ? 'rare' : 'common',
    text: `row number ${row} of ${row * 7}`,
  }));
  const dataset = await importRows(many);
  const counts = async (fix: 'oversample' | 'undersample') => {
    const made = await host.client.datasets.fix({ id: dataset.id, check: 'classImbalance', fix });
    const texts = await textsOf(made);
    const count = (start: string) => texts.filter((text) => text.startsWith(start)).length;
    return { rare: count('train rare'), common: count('train common'), test: count('test') };
  };
  expect(await counts('oversample')).toEqual({ rare: 15, common: 45, test: 10 });
  expect(await counts('undersample')).toEqual({ rare: 5, common: 15, test: 10 });
});

test('undo goes back step by step, a new change ends redo, and every version is kept', async () => {
  const dataset = await importRows(rows);
  const fix = (id: string, check: HealthFixRequest['check']) => host.client.datasets.fix({ id, check });
  const first = await fix(dataset.id, 'emptyTexts');
  const second = await fix(first.id, 'personalData');
  const back = await host.client.datasets.undo({ id: second.id });
  const start = await host.client.datasets.undo({ id: back.id });
  expect([back.versionHash, start.versionHash]).toEqual([first.versionHash, dataset.versionHash]);
  expect(await codesOfCall(host.client.datasets.undo({ id: start.id }))).toEqual(['datasets.nothingToUndo']);
  const again = await host.client.datasets.redo({ id: start.id });
  expect(again.versionHash).toBe(first.versionHash);
  const other = await fix(again.id, 'untidyTexts');
  expect(await codesOfCall(host.client.datasets.redo({ id: other.id }))).toEqual(['datasets.nothingToRedo']);
  const history = await host.client.datasets.history({ id: dataset.id });
  expect(history.versions.map(({ change }) => change?.kind)).toEqual([
    undefined,
    'fixed',
    'fixed',
    'undone',
    'undone',
    'redone',
    'fixed',
  ]);
  expect(history).toMatchObject({ undo: first.id, redo: null });
});

test('a fix that does not go with the finding, or changes nothing, is refused', async () => {
  const dataset = await importRows(rows);
  const call = (request: { check: HealthFixRequest['check']; fix?: HealthFixRequest['fix'] }) =>
    codesOfCall(host.client.datasets.fix({ id: dataset.id, ...request }));
  expect(await call({ check: 'emptyTexts', fix: 'mask' })).toEqual(['datasets.noSuchFix']);
  expect(await call({ check: 'unusableRows' })).toEqual(['datasets.noSuchFix']);
  expect(await call({ check: 'longTexts' })).toEqual(['datasets.nothingToFix']);
  const one = await importRows([
    { split: 'train', label: 'a', text: 'same' },
    { split: 'train', label: 'b', text: 'same' },
  ]);
  const all = host.client.datasets.fix({ id: one.id, check: 'conflictingLabels', fix: 'removeRows' });
  expect(await codesOfCall(all)).toEqual(['datasets.fixLeavesNothing']);
  const tie = host.client.datasets.fix({ id: one.id, check: 'conflictingLabels' });
  expect(await codesOfCall(tie)).toEqual(['datasets.nothingToFix']);
});

test('each fold of a cross-validation is a dataset; every row is held out once, and the test stays', async () => {
  const dataset = await importRows(
    Array.from({ length: 40 }, (_, row) => ({
      split: row < 10 ? 'test' : 'train',
      label: row % 2 === 0 ? 'a' : 'b',
      text: `${Math.imul(row + 1, 2654435761) >>> 0} ${Math.imul(row + 7, 40503)}`,
    })),
  );
  const request = { id: dataset.id, folds: 3, seed: 1 };
  const made = await host.client.datasets.folds(request);
  expect(made.map(({ name }) => name)).toEqual([1, 2, 3].map((fold) => `${dataset.name} (${fold}/3)`));
  const held = [];
  for (const fold of made) {
    expect(fold.rowsBySplit).toEqual({ train: 20, validation: 10, test: 10 });
    const { rows: found } = await host.client.datasets.rows({
      id: fold.id,
      filter: { splits: ['validation'] },
      limit: 500,
    });
    expect(found.filter(({ fields }) => fields['label'] === 'a')).toHaveLength(5);
    held.push(...found.map(({ position }) => position));
  }
  expect(held.sort((one, other) => one - other)).toEqual(Array.from({ length: 30 }, (_, row) => row + 10));
  expect((await host.client.datasets.folds(request)).map(({ id }) => id)).toEqual(made.map(({ id }) => id));
});

test('rows get another label by their numbers, which can be taken back', async () => {
  const dataset = await importRows(rows);
  const made = await host.client.datasets.relabel({ id: dataset.id, rows: [2, 5], label: '새 라벨' });
  const texts = await textsOf(made);
  expect(texts.flatMap((text, row) => (text.includes('새 라벨:') ? [row] : []))).toEqual([1, 4]);
  expect(made.change).toEqual({ kind: 'relabelled', label: '새 라벨', rows: 2 });
  const undone = await host.client.datasets.undo({ id: made.id });
  expect(undone.versionHash).toBe(dataset.versionHash);
  const outside = host.client.datasets.relabel({ id: dataset.id, rows: [7], label: 'a' });
  expect(await codesOfCall(outside)).toEqual(['datasets.noSuchRow']);
});
