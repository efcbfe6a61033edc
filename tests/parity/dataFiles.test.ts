import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Fields } from '../../src-main/contract/datasets.ts';
import { inShape, writers } from '../../src-main/datasets/index.ts';
import { detectLayout, readRows } from '../../src-main/datasets/layout.ts';
import { openSource } from '../../src-main/services/datasets/openSource.ts';
import { python, pythonIsRequired, runReference } from './python.ts';

const recorded = join(import.meta.dirname, '..', 'reference', 'recorded', 'data');
const rowsSchema = z.record(z.string(), z.array(z.record(z.string(), z.json())));
const expectedIn = (folder: string) =>
  rowsSchema.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));

async function rowsOf(path: string): Promise<unknown[]> {
  const source = openSource(path);
  const layout = await detectLayout(source, { shape: 'plain' });
  const rows: unknown[] = [];
  for await (const row of readRows(source, layout)) rows.push(row.problem ?? row.fields);
  return rows;
}

function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-data-'));
  return work(folder).finally(() => rmSync(folder, { recursive: true }));
}

const expected = expectedIn(recorded);
test.each(Object.keys(expected))('%s, written by another program, is read right', async (name) => {
  expect(await rowsOf(join(recorded, name))).toEqual(expected[name]);
});

test('another sheet of a workbook is read by its name', async () => {
  const source = openSource(join(recorded, 'openpyxl.xlsx'));
  const layout = await detectLayout(source, { sheet: 'second' });
  const rows = [];
  for await (const row of readRows(source, layout)) rows.push(row);
  expect(rows).toEqual([{ line: 2, fields: { text: 'other', label: 'b' } }]);
  await expect(detectLayout(source, { sheet: 'third' })).rejects.toThrow('has no sheet "third"');
});

test('a folder per class is read and written, also below folders of splits', async () => {
  await withFolder(async (folder) => {
    const files = { 'train/good/1.txt': 'fine', 'train/bad/2.txt': '나쁨', 'test/good/3.txt': 'ok' };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, 'rows', name, '..'), { recursive: true });
      writeFileSync(join(folder, 'rows', name), text);
    }
    expect(await rowsOf(join(folder, 'rows'))).toEqual([
      { text: 'ok', label: 'good', split: 'test', file: 'test/good/3.txt' },
      { text: '나쁨', label: 'bad', split: 'train', file: 'train/bad/2.txt' },
      { text: 'fine', label: 'good', split: 'train', file: 'train/good/1.txt' },
    ]);
  });
});

const needsPython = test.skipIf(python === undefined && !pythonIsRequired);

needsPython('the other programs still write the same, and it is read right', async () => {
  await withFolder(async (folder) => {
    runReference('data_files.py', 'write', folder);
    const fresh = expectedIn(folder);
    expect(fresh).toEqual(expected);
    for (const [name, rows] of Object.entries(fresh)) expect(await rowsOf(join(folder, name))).toEqual(rows);
  });
});

needsPython('what the workbench writes is read right by the other programs', async () => {
  const text = ['plain', 'a, b', '"q"', 'two\nlines', '한글', '=1+1', '<b>', '😀', "'x", ' pad '];
  const rows: Fields[] = text.map((value, index) => ({
    text: value,
    label: index % 2 ? 'b' : 'a',
    count: index,
  }));
  const nested: Fields[] = rows.map((row) => ({ ...row, score: 0.5, right: true }));
  const asText = rows.map((row) => ({ ...row, count: String(row['count']) }));
  await withFolder((folder) => {
    const write = (name: string, format: keyof typeof writers, records: readonly Fields[]) => {
      const request = {
        columns: Object.keys(records[0] ?? {}),
        roles: {},
        forSpreadsheets: false,
        records: () => records.map((fields) => ({ split: 'train' as const, fields })),
      };
      writeFileSync(join(folder, name), Buffer.concat([...writers[format].write(inShape(request, 'plain'))]));
    };
    write('a.csv', 'csv', rows);
    write('a.tsv', 'tsv', rows);
    write('a.json', 'json', nested);
    write('a.jsonl', 'jsonl', nested);
    write('a.parquet', 'parquet', nested);
    write('a.xlsx', 'xlsx', nested);
    const wanted = {
      'a.csv': asText,
      'a.tsv': asText,
      'a.json': nested,
      'a.jsonl': nested,
      'a.parquet': nested,
      'a.xlsx': nested,
    };
    writeFileSync(join(folder, 'wanted.json'), JSON.stringify(wanted));
    runReference('data_files.py', 'read', folder);
    return Promise.resolve();
  });
});
