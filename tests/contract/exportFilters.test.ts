import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { RecordFilter, exportFilterSchema } from '../../src-main/contract/recordFilter.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

type ExportFilter = z.input<typeof exportFilterSchema>;

const { folder, host } = await openHostForFile();
let datasetId: string;
let labellingId: string;

const splits = ['train', 'validation', 'test'];
const rows = Array.from({ length: 60 }, (_, index) => ({
  id: index + 1,
  text: index === 20 ? 'row 11 says 환불' : `row ${index + 1} says ${index % 5 === 0 ? '환불' : 'hello '.repeat(index % 3)}`.trim(), // prettier-ignore
  label: ['a', 'b', 'c'][index % 3],
  split: splits[index % 4] ?? 'train',
}));

beforeAll(async () => {
  const file = path.join(folder.path, 'rows.jsonl');
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const dataset = await host.client.datasets.import({
    files: [{ path: file }],
    mapping: { roles: { text: 'text', label: 'label' }, splitColumn: 'split' },
  });
  datasetId = dataset.id;
  const labels = host.client.labels;
  const { id } = await labels.open({ datasetId, task: 'single', existing: 'suggestions' });
  labellingId = id;
  const act = (action: Parameters<typeof labels.act>[0]['action']) => labels.act({ id, action });
  const answer = (label: string) => ({ kind: 'labels' as const, labels: [label] });
  await act({ kind: 'label', target: { numbers: [1, 2, 3] }, answer: answer('c') });
  await act({ kind: 'discard', target: { numbers: [4] } });
  await act({ kind: 'flag', target: { numbers: [5, 6] }, flagged: true });
  await act({ kind: 'note', target: { numbers: [6, 7] }, note: '=다시 보기' });
  await labels.saveFilter({ id, name: 'mine', filter: { flagged: true, noted: true }, order: 'number' });
});

const writtenSchema = z.looseObject({ id: z.number(), label: z.string() });

async function exported(filter: ExportFilter, more: { labellingId?: string; withMarks?: boolean } = {}) {
  const target = path.join(folder.path, 'out.jsonl');
  const result = await host.client.datasets.export({
    ...{ id: datasetId, path: target, format: 'jsonl', replace: true, filter },
    ...more,
  });
  const lines = (await readFile(target, 'utf8')).split('\n').filter((line) => line !== '');
  expect(result.rows).toBe(lines.length);
  return lines.map((line) => writtenSchema.parse(JSON.parse(line)));
}
const numbersOf = (found: readonly { id: number }[]) => found.map(({ id }) => id);

const rowFilters: [RecordFilter, (row: (typeof rows)[number]) => boolean][] = [
  [{ splits: ['validation', 'test'] }, ({ split }) => split === 'validation' || split === 'test'],
  [{ labels: ['a', 'c'] }, ({ label }) => label !== 'b'],
  [{ text: 'HELLO' }, ({ text }) => text.includes('hello')],
  [{ text: '환불', splits: ['train'] }, ({ text, split }) => text.includes('환불') && split === 'train'],
  [{ minimumLength: 12, maximumLength: 16 }, ({ text }) => text.length >= 12 && text.length <= 16],
];

test.each(rowFilters)(
  'rows by %j are the same in the file, on the page and in a labelling',
  async (filter, wanted) => {
    const numbers = numbersOf(rows.filter(wanted));
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbersOf(await exported(filter))).toEqual(numbers);
    const offset = 2;
    const page = await host.client.datasets.rows({ id: datasetId, filter, offset, limit: 4 });
    expect(page.total).toBe(numbers.length);
    expect(page.rows.map(({ position }) => position + 1)).toEqual(numbers.slice(offset, offset + 4));
    // In a labelling, labels are those that people gave.
    if (filter.labels === undefined)
      expect(numbersOf(await exported(filter, { labellingId }))).toEqual(numbers);
  },
);

test('records of a labelling go out by what it knows of them, with their answers', async () => {
  const ofLabelling = (filter: ExportFilter) => exported(filter, { labellingId });
  expect(await ofLabelling({ statuses: ['labelled'] })).toMatchObject([
    { id: 1, label: 'c' },
    { id: 2, label: 'c' },
    { id: 3, label: 'c' },
  ]);
  expect(numbersOf(await ofLabelling({ statuses: ['labelled', 'discarded'] }))).toEqual([1, 2, 3, 4]);
  expect(numbersOf(await ofLabelling({ labels: ['c'] }))).toEqual([1, 2, 3]);
  expect(numbersOf(await ofLabelling({ disagreeing: true }))).toEqual([1, 2]);
  expect(numbersOf(await ofLabelling({ suggestion: 'a' }))).toEqual(
    numbersOf(rows.filter(({ label }) => label === 'a')),
  );
  expect(numbersOf(await ofLabelling({ flagged: true }))).toEqual([5, 6]);
  expect(numbersOf(await ofLabelling({ noted: true }))).toEqual([6, 7]);
  expect(await ofLabelling({ minimumScore: 0.5 })).toEqual([]);
  const [kept] = await host.client.labels.filters({ id: labellingId });
  expect(numbersOf(await ofLabelling(kept?.filter ?? {}))).toEqual([6]);
  expect(await exported({ flagged: true, noted: true }, { labellingId, withMarks: true })).toMatchObject([
    {
      ...{ id: 6, _number: 6, _status: 'pending', _suggestion: 'c', _score: null },
      ...{ _flagged: true, _note: '=다시 보기' },
    },
  ]);
});

test('rows that a check names go out alone, of the dataset and of a labelling', async () => {
  const finding = { check: 'exactDuplicates' as const, options: {} };
  expect(numbersOf(await exported({ finding }))).toEqual([11, 21]);
  expect(numbersOf(await exported({ finding, text: 'row 11' }, { labellingId }))).toEqual([11, 21]);
  expect(numbersOf(await exported({ finding, splits: ['test'] }))).toEqual([11]);
  const long = { check: 'longTexts' as const, options: { longTextCharacters: 17 } };
  expect(numbersOf(await exported({ finding: long }))).toEqual(
    numbersOf(rows.filter(({ text }) => text.length > 17)),
  );
});

test('what only a labelling knows is asked of a labelling of that dataset', async () => {
  const request = { id: datasetId, path: path.join(folder.path, 'never.csv'), format: 'csv' as const };
  const refused = (more: object) => codesOfCall(host.client.datasets.export({ ...request, ...more }));
  expect(await refused({ filter: { flagged: true } })).toEqual(['datasets.filterNeedsLabelling']);
  expect(await refused({ labellingId: 'nobody' })).toEqual(['common.notFound']);
  const unusable = { finding: { check: 'unusableRows', options: {} } };
  expect(await refused({ filter: unusable })).toEqual(['datasets.noFindingOfDataset']);
  const other = await host.client.datasets.relabel({ id: datasetId, rows: [1], label: 'z' });
  expect(await refused({ id: other.id, labellingId })).toEqual(['datasets.otherLabelling']);
  expect(
    await codesOfCall(host.client.datasets.rows({ id: datasetId, filter: { statuses: ['pending'] } })),
  ).toEqual(['datasets.filterNeedsLabelling']);
});
