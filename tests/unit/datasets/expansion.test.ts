import { describe, expect, test } from 'vitest';
import { type Fields, splitRequestSchema } from '../../../src-main/contract/datasets.ts';
import { healthOptionsSchema } from '../../../src-main/contract/health.ts';
import { originColumn, originOf } from '../../../src-main/contract/origin.ts';
import {
  type DatasetRecord,
  type SplitRow,
  createMaterial,
  createNoveltyCheck,
  expandedColumn,
  fillInstruction,
  originFacts,
  planFolds,
  planSplit,
  runCheck,
  splitsOfFold,
  tidyAnswer,
  withAcceptedTexts,
} from '../../../src-main/datasets/index.ts';
import { createRowCheck } from '../../../src-main/datasets/rowChecks.ts';
import { createSha256 } from '../../../src-main/platform/index.ts';

const source = { row: 1, split: 'train' as const, text: '$& turn it on', label: 'light' };

test('an instruction takes the row’s texts as they are', () => {
  const examples = [{ ...source, row: 2, text: 'dim {text}' }];
  expect(fillInstruction('{label}: {examples} | {text} {other}', source, examples)).toBe(
    'light: dim {text} | $& turn it on {other}',
  );
  expect(() => fillInstruction('write about {label}', source, [])).toThrow('{text}');
});

test.each([
  ['  - a list item\n', 'a list item'],
  ['1. “quoted”', 'quoted'],
  ['「안녕」', '안녕'],
  ['say "no"', 'say "no"'],
  ['2.5 metres', '2.5 metres'],
  ['"', '"'],
])('what a model wrote: %j', (written, text) => {
  expect(tidyAnswer(written)).toBe(text);
});

test('only new texts are new, whatever their case and blanks', () => {
  const isNew = createNoveltyCheck(['Turn it  on']);
  expect(['turn it on ', 'other', 'OTHER'].map(isNew)).toEqual([false, true, false]);
});

test('the column a model may write', () => {
  const dataset = { name: 'd', mapping: { roles: { text: 't', label: 'l' } } };
  expect(expandedColumn(dataset, undefined)).toBe('t');
  expect(() => expandedColumn(dataset, 'l')).toThrow('"l"');
  const marked = { name: 'd', mapping: { roles: { text: 't', spans: 's' } } };
  expect(() => expandedColumn(marked, undefined)).toThrow('"t"');
});

const people: DatasetRecord[] = [
  { split: 'train', fields: { text: 'first', label: 'a', id: 7 } },
  { split: 'validation', fields: { text: 'second', label: 'b', id: 8 } },
  { split: 'train', fields: { text: 'third', label: 'a', id: 9 } },
];
const accepted = (texts: { text: string; row: number; examples?: number[]; edited?: boolean }[]) => ({
  id: 'dataset',
  column: 'text',
  model: 'writer',
  template: 'again: {text}',
  texts: texts.map(({ examples = [], edited = false, ...one }) => ({ ...one, examples, edited, seed: 5 })),
});
const expand = (records: DatasetRecord[], request: ReturnType<typeof accepted>) => [
  ...withAcceptedTexts(records, request, 'abc', () => createSha256()),
];

describe('accepted texts become rows', () => {
  test('with the fields and split of their source, and where they come from', () => {
    const rows = expand(people, accepted([{ text: 'second again', row: 2, edited: true }]));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toBe(people[0]);
    const families = originOf(rows[1]?.fields ?? {})?.families;
    expect(families).toHaveLength(1);
    expect(originOf(rows[1]?.fields ?? {})?.model).toBeUndefined();
    expect(rows[3]).toEqual({
      split: 'validation',
      fields: {
        text: 'second again',
        label: 'b',
        id: 8,
        [originColumn]: {
          families,
          model: 'writer',
          prompt: 'again: {text}',
          row: 2,
          version: 'abc',
          seed: 5,
          edited: true,
        },
      },
    });
  });

  test('and share a family with their source and every example, also when it is done twice', () => {
    const once = expand(people, accepted([{ text: 'third again', row: 3, examples: [1] }]));
    const twice = expand(once, accepted([{ text: 'third once more', row: 3 }]));
    const familiesOf = (row: number) => originOf(twice[row]?.fields ?? {})?.families ?? [];
    expect(familiesOf(3)).toEqual([...familiesOf(2), ...familiesOf(0)]);
    expect(familiesOf(4)).toEqual(familiesOf(2));
    expect(twice[2]?.fields).toEqual(once[2]?.fields);
  });
});

const marked = (fields: Fields): SplitRow => ({
  text: String(fields['text']),
  label: String(fields['label']),
  ...originFacts(fields),
  field: (name) => String(fields[name] ?? ''),
});
const request = (given: object) => splitRequestSchema.parse({ keepDuplicatesTogether: false, ...given });

describe('splits', () => {
  const originals: DatasetRecord[] = Array.from({ length: 60 }, (_, row) => ({
    split: 'train',
    fields: { text: `original ${row * 31}`, label: row % 2 === 0 ? 'a' : 'b', when: String(row) },
  }));
  const texts = [3, 20, 41].flatMap((row) => [
    { text: `one after ${row}`, row },
    { text: `two after ${row}`, row, examples: [row + 10] },
  ]);
  const rows = expand(originals, accepted(texts)).map(({ fields }) => marked(fields));
  /** Sources, examples and what was written after them. */
  const related = [2, 19, 40, 12, 29, 50, 60, 61, 62, 63, 64, 65];

  test('leave rows of a model in training with their sources', () => {
    for (let seed = 0; seed < 20; seed++) {
      const splits = planSplit(rows, request({ validationShare: 0.4, testShare: 0.3, seed }));
      expect(new Set(related.map((row) => splits[row]))).toEqual(new Set(['train']));
      expect(splits.filter((split) => split !== 'train').length).toBeGreaterThan(20);
    }
  });

  test('keep families together where rows of a model may go anywhere', () => {
    const all = { validationShare: 0.4, testShare: 0.3, syntheticAnywhere: true };
    const outside = Array.from({ length: 20 }, (_, seed) => {
      const splits = planSplit(rows, request({ ...all, seed }));
      for (const family of [
        [2, 12, 60, 61],
        [19, 29, 62, 63],
        [40, 50, 64, 65],
      ])
        // prettier-ignore
        expect(new Set(family.map((row) => splits[row])).size).toBe(1);
      return splits[60] !== 'train';
    });
    expect(outside).toContain(true);
  });

  test('of folds never validate on them', () => {
    const folds = planFolds(rows, 3, request({}));
    for (let fold = 0; fold < 3; fold++)
      expect(new Set(related.map((row) => splitsOfFold(folds, fold)[row]))).toEqual(new Set(['train']));
    expect(new Set(folds)).toEqual(new Set([0, 1, 2, 3]));
  });

  test('by time are refused where they would test on them', () => {
    const wanted = { byTime: 'when', validationShare: 0.2, testShare: 0.4 };
    expect(() => planSplit(rows, request(wanted))).toThrow('2');
    expect(planSplit(rows, request({ ...wanted, syntheticAnywhere: true }))[64]).toBe('test');
  });
});

test('health names rows of a model, and families torn between splits as leakage', () => {
  const [first, second, third, written] = expand(people, accepted([{ text: 'unlike it', row: 1 }]));
  const records = [first, second, third, written && { ...written, split: 'test' as const }];
  const material = createMaterial(
    records.flatMap(
      (record, index) =>
      record === undefined
        ? []
        : [{ row: index + 1, text: String(record.fields['text']), label: 'a', split: record.split, ...originFacts(record.fields) }], // prettier-ignore
    ),
    healthOptionsSchema.parse({}),
  );
  const synthetic = runCheck('syntheticRows', material);
  expect(synthetic?.groups.map(({ rows }) => rows)).toEqual([[3]]);
  expect(synthetic?.severity).toBe('serious');
  expect(synthetic?.describe({ rows: 1, groups: 1 }).message).toContain('1 of 4 (25 %)');
  expect(runCheck('leakage', material)?.groups.map(({ rows }) => rows)).toEqual([[0, 3]]);
});

test('a file that carries the mark is read with it, to train on where nothing says the split', () => {
  const check = createRowCheck({ roles: { text: 'text' } });
  const origin = { families: ['f'], model: 'writer', row: 1 };
  const read = (cell: string) => check({ line: 2, fields: { text: 'a', [originColumn]: cell } });
  expect(read(JSON.stringify(origin))).toMatchObject({
    row: { fields: { [originColumn]: origin }, split: 'train' },
  });
  expect(read('')).toMatchObject({ row: { fields: { [originColumn]: '' }, split: undefined } });
  expect(read('{"no')).toMatchObject({ row: { fields: { [originColumn]: '{"no' } } });
});
