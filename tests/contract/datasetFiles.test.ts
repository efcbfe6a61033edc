import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { codesOfCall, openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();
let datasetId: string;
const inFolder = (name: string) => path.join(folder.path, name);

beforeAll(async () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({
    text: `=text number ${index}`,
    label: index % 3 === 0 ? 'a/b' : 'other',
    id: index,
    extra: { nested: [index] },
  }));
  await writeFile(inFolder('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const dataset = await host.client.datasets.import({
    files: [{ path: inFolder('rows.jsonl') }],
    mapping: { roles: { text: 'text', label: 'label' } },
    validationShare: 0,
  });
  datasetId = dataset.id;
});

test('an export gives back what was imported, value by value', async () => {
  const target = inFolder('again.jsonl');
  const result = await host.client.datasets.export({ id: datasetId, path: target, format: 'jsonl' });
  expect(result).toMatchObject({ path: target, rows: 12, files: 1 });
  expect(await readFile(target, 'utf8')).toBe(await readFile(inFolder('rows.jsonl'), 'utf8'));
});

test('an export takes the rows of a filter, guards formulas, and replaces nothing unasked', async () => {
  const target = inFolder('some.csv');
  const request = {
    id: datasetId,
    path: target,
    format: 'csv' as const,
    filter: { labels: ['a/b'], text: 'NUMBER 3' },
  };
  expect((await host.client.datasets.export(request)).rows).toBe(1);
  expect(await readFile(target, 'utf8')).toBe(
    '\ufefftext,label,id,extra\r\n\'=text number 3,a/b,3,"{""nested"":[3]}"\r\n',
  );
  expect(await codesOfCall(host.client.datasets.export(request))).toEqual(['datasets.exportExists']);
  await host.client.datasets.export({ ...request, replace: true, forSpreadsheets: false });
  expect(await readFile(target, 'utf8')).toContain('\r\n=text number 3,');
});

test('a folder per class has safe names; what a format cannot hold leaves nothing behind', async () => {
  const target = inFolder('classes');
  const result = await host.client.datasets.export({ id: datasetId, path: target, format: 'folder' });
  expect(result).toMatchObject({ rows: 12, files: 12, sizeBytes: null });
  expect((await readdir(target)).sort()).toEqual(['a_b', 'other']);
  expect(await readFile(path.join(target, 'a_b', '000001.txt'), 'utf8')).toBe('=text number 0');

  const before = (await readdir(folder.path)).sort();
  const refused = host.client.datasets.export({ id: datasetId, path: inFolder('x.conll'), format: 'conll' });
  expect(await codesOfCall(refused)).toEqual(['datasets.exportNeedsColumn']);
  expect((await readdir(folder.path)).sort()).toEqual(before);
});

test('files are checked before they are imported, and datasets after', async () => {
  const file = inFolder('ill.csv');
  await writeFile(
    file,
    [
      'text,label,split',
      'The same question again and again,a,train',
      'the same question  again and again,b,test',
      'Call me at 010-1234-5678 tomorrow,a,train',
      ',a,train',
      'broken \ufffd text,b,train',
      '?!,b,train',
    ].join('\n'),
  );
  const health = await host.client.datasets.check({ source: { files: [{ path: file }] } });
  expect(health).toMatchObject({ rows: 5, rowsBySplit: { train: 4, validation: 0, test: 1 } });
  const found = health.findings.map(({ check, groups }) => [
    check,
    groups.map(({ rows }) => rows.map(({ row }) => row)),
  ]);
  expect(Object.fromEntries(found)).toEqual({
    unusableRows: [[5]],
    leakage: [[2, 3]],
    conflictingLabels: [[2, 3]],
    exactDuplicates: [[2, 3]],
    encodingDamage: [[6]],
    personalData: [[4]],
    emptyTexts: [[7]],
    untidyTexts: [[3]],
    tooLittleData: [
      [2, 4],
      [6, 7],
    ],
  });
  expect(health.findings.findIndex(({ severity }) => severity === 'notice')).toBeGreaterThan(3);

  const options = { longTextCharacters: 5, extent: 'head' as const, listedGroups: 2 };
  const imported = await host.client.datasets.check({ source: { datasetId }, options });
  const long = imported.findings.find(({ check }) => check === 'longTexts');
  expect(long).toMatchObject({
    rows: 12,
    groupCount: 12,
    groups: [{ rows: [{ row: 1 }] }, { rows: [{ row: 2 }] }],
  });
  const missing = host.client.datasets.check({ source: { datasetId: 'none' } });
  expect(await codesOfCall(missing)).toEqual(['common.notFound']);
});

test('a new split is a new version, which differs row by row, and the old one can be restored', async () => {
  const original = await host.client.datasets.get({ id: datasetId });
  const request = {
    id: datasetId,
    validationShare: 0.25,
    testShare: 0,
    seed: 4,
    keepDuplicatesTogether: false,
  };
  const made = await host.client.datasets.split(request);
  expect(made).toMatchObject({
    name: original.name,
    rows: 12,
    rowsBySplit: { train: 9, validation: 3, test: 0 },
  });
  expect(made.change).toMatchObject({ kind: 'split', request: { seed: 4 } });
  expect((await host.client.datasets.split(request)).id).toBe(made.id);
  const versions = async () => (await host.client.datasets.versions({ id: datasetId })).map(({ id }) => id);
  expect(await versions()).toEqual([datasetId, made.id]);

  const diff = await host.client.datasets.diff({ older: datasetId, newer: made.id, listed: 2 });
  expect(diff).toMatchObject({ added: 0, removed: 0, changed: 3 });
  expect(diff.changes).toHaveLength(2);
  expect(diff.changes[0]).toMatchObject({ kind: 'changed', splits: ['train', 'validation'], values: [] });

  const restored = await host.client.datasets.restore({ id: datasetId });
  expect(restored.versionHash).toBe(original.versionHash);
  expect(restored.versionHash).not.toBe(made.versionHash);
  expect(await versions()).toEqual([datasetId, made.id, restored.id]);
  expect(await host.client.datasets.get({ id: datasetId })).toEqual(original);
  const again = inFolder('restored.jsonl');
  await host.client.datasets.export({ id: restored.id, path: again, format: 'jsonl' });
  expect(await readFile(again, 'utf8')).toBe(await readFile(inFolder('rows.jsonl'), 'utf8'));
});
