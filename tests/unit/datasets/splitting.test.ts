import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SplitRequest, splitRequestSchema } from '../../../src-main/contract/datasets.ts';
import { planSplit, type SplitRow } from '../../../src-main/datasets/index.ts';
import { assignGroups, joinGroupings } from '../../../src-main/datasets/splitting/assignGroups.ts';
import { diffRecords } from '../../../src-main/datasets/versions/diffRecords.ts';

const request = (given: Partial<SplitRequest>): SplitRequest => splitRequestSchema.parse(given);
const rowOf = (text: string, label = '', fields: Record<string, string> = {}): SplitRow => ({
  text,
  label,
  field: (name) => fields[name] ?? '',
});
const countsOf = <Part extends string | number>(
  parts: readonly Part[],
  chosen: (index: number) => boolean = () => true,
) => {
  const counts = new Map<Part, number>();
  parts.forEach((part, index) => {
    if (chosen(index)) counts.set(part, (counts.get(part) ?? 0) + 1);
  });
  return counts;
};

describe('dealing groups over parts', () => {
  const groupsAndLabels = fc.array(fc.record({ group: fc.nat(30), label: fc.constantFrom('a', 'b', 'c') }), {
    minLength: 1,
    maxLength: 120,
  });

  test('no group is torn apart, and the same seed gives the same parts', () => {
    fc.assert(
      fc.property(groupsAndLabels, fc.integer(), (rows, seed) => {
        const groups = rows.map(({ group }) => group);
        const labels = rows.map(({ label }) => label);
        const parts = assignGroups([0.6, 0.2, 0.2], groups, labels, seed);
        const partOf = new Map<number, number>();
        groups.forEach((group, row) => {
          expect(partOf.get(group) ?? parts[row]).toBe(parts[row]);
          partOf.set(group, parts[row] ?? -1);
        });
        expect(assignGroups([0.6, 0.2, 0.2], groups, labels, seed)).toEqual(parts);
      }),
    );
  });

  test('single rows give every part its share of every label, to within two rows', () => {
    const sizes = { a: 503, b: 100, c: 37, d: 11 };
    const labels = Object.entries(sizes).flatMap(([label, count]) => Array<string>(count).fill(label));
    const shares = [0.7, 0.2, 0.1];
    for (const seed of [0, 1, 2]) {
      const parts = assignGroups(
        shares,
        labels.map((_, row) => row),
        labels,
        seed,
      );
      for (const [label, size] of Object.entries(sizes)) {
        const counts = countsOf(parts, (row) => labels[row] === label);
        shares.forEach((share, part) => {
          expect(Math.abs((counts.get(part) ?? 0) - share * size), `${label} ${part}`).toBeLessThanOrEqual(2);
        });
      }
    }
  });

  test('seeds differ', () => {
    const rows = Array.from({ length: 60 }, (_, row) => row);
    const labels = rows.map(() => 'x');
    expect(assignGroups([0.5, 0.5], rows, labels, 1)).not.toEqual(assignGroups([0.5, 0.5], rows, labels, 2));
  });

  test('groupings that meet in a row become one', () => {
    const joined = joinGroupings(6, [[[0, 1], [2, 3]], [[1, 2]]]); // prettier-ignore
    expect(joined[0]).toBe(joined[3]);
    expect(new Set(joined).size).toBe(3);
  });
});

describe('planned splits', () => {
  const question = 'How do I top up my account with a debit card from another bank';
  const words = 'river mountain paper yellow engine window garden silver coffee planet winter bridge'.split(
    ' ',
  );
  const others = Array.from({ length: 80 }, (_, row) =>
    rowOf(
      Array.from({ length: 8 }, (_word, index) => words[(row * 7 + index * (row + 3)) % 12]).join(' ') +
        ` ${row * 7919}`,
    ),
  );

  test('near-duplicates and conversations never straddle, unless asked to', () => {
    const rows = [
      ...Array.from({ length: 10 }, (_, copy) => rowOf(`${question}${'!'.repeat(copy % 3)}`)),
      ...others.map((row, index) => ({ ...row, field: () => `talk ${index % 20}` })),
    ];
    for (let seed = 0; seed < 5; seed++) {
      const splits = planSplit(
        rows,
        request({ seed, groupColumn: 'talk', validationShare: 0.2, testShare: 0.2 }),
      );
      expect(new Set(splits.slice(0, 10)).size).toBe(1);
      for (let talk = 0; talk < 20; talk++) {
        expect(new Set(splits.filter((_, index) => index >= 10 && (index - 10) % 20 === talk)).size).toBe(1);
      }
      expect(countsOf(splits).size).toBe(3);
    }
    const torn = planSplit(rows, request({ keepDuplicatesTogether: false, validationShare: 0.4 }));
    expect(new Set(torn.slice(0, 10)).size).toBeGreaterThan(1);
  });

  test('by a column, by time, and in folds', () => {
    const rows = ['2024-03-01', '2024-01-01', '2024-02-01', '2023-05-05'].map((day) =>
      rowOf(day, '', { day, part: day.startsWith('2023') ? 'test' : '학습' }),
    );
    expect(planSplit(rows, request({ byColumn: 'part' }))).toEqual(['train', 'train', 'train', 'test']);
    const byTime = planSplit(rows, request({ byTime: 'day', validationShare: 0.25, testShare: 0.25 }));
    expect(byTime).toEqual(['test', 'train', 'validation', 'train']);
    expect(() => planSplit(rows, request({ byTime: 'part' }))).toThrow(
      'Row 1 has "학습" in the column "part"',
    );
    expect(() => planSplit(rows, request({ byColumn: 'day' }))).toThrow('says "2024-03-01"');

    const held = Array.from({ length: 4 }, (_, fold) =>
      planSplit(others, request({ folds: 4, fold: fold + 1, seed: 3 })),
    );
    others.forEach((_, row) => {
      expect(held.filter((splits) => splits[row] === 'validation')).toHaveLength(1);
    });
    expect(held.map((splits) => countsOf(splits).get('validation'))).toEqual([20, 20, 20, 20]);
    expect(() => planSplit(others, request({ folds: 4, fold: 5 }))).toThrow('There is no fold 5');
  });
});

describe('differences between versions', () => {
  const record = (text: string, split: 'train' | 'test' = 'train') => ({
    split,
    fields: { text, label: 'a' },
  });
  const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((text) => record(text));
  if (!one || !two || !three || !four) throw new Error('missing');

  test('are found row by row', () => {
    const relabelled = { ...two, fields: { ...two.fields, label: 'b' } };
    const newer = [record('zero'), one, relabelled, { ...three, split: 'test' as const }];
    expect(diffRecords([one, two, three, four], newer)).toEqual([
      { kind: 'added', row: 1, record: record('zero') },
      { kind: 'changed', row: 2, newRow: 3, before: two, after: relabelled, columns: ['label'] },
      { kind: 'changed', row: 3, newRow: 4, before: three, after: newer[3], columns: [] },
      { kind: 'removed', row: 4, record: four },
    ]);
  });

  test('equal versions have none, whatever the order of keys; from one to the other every row is accounted for', () => {
    const records = fc.array(
      fc.record({ text: fc.constantFrom('a', 'b', 'c', 'd'), label: fc.constantFrom('x', 'y') }),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(records, records, (before, after) => {
        const asRecords = (rows: typeof before) =>
          rows.map((fields) => ({ split: 'train' as const, fields }));
        const turned = before.map(({ text, label }) => ({ label, text }));
        expect(diffRecords(asRecords(before), asRecords(turned))).toEqual([]);
        const changes = diffRecords(asRecords(before), asRecords(after));
        const added = changes.filter(({ kind }) => kind === 'added').length;
        const removed = changes.filter(({ kind }) => kind === 'removed').length;
        expect(before.length + added - removed).toBe(after.length);
      }),
    );
  });
});
