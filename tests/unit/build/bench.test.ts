import { describe, expect, it } from 'vitest';
import { mergeMeasurements, replaceMarked } from '../../../build/bench/document.mjs';
import { describeDuel, median, summarizeRow } from '../../../build/bench/figures.mjs';
import { listRows } from '../../../build/bench/rows.mjs';
import { writeTable } from '../../../build/bench/table.mjs';
import { methodRecipes } from '../../../build/bench/methodRecipes.mjs';
import { listMethods } from '../../../src-main/engine/methods/registry.ts';

const side = (milliseconds: number[], loss: number, peakMemoryBytes: number) => ({
  windows: milliseconds.map((each) => ({ milliseconds: each, losses: [loss], peakMemoryBytes })),
  losses: milliseconds.map(() => loss),
  peakMemoryBytes,
});
const amounts = [0, 1, 2].map(() => ({ rows: 10, tokens: 100, operations: 1000 }));
const own = side([1000, 1000, 2000], 1.01, 50);
const reference = side([3000, 5000, 4000], 1, 100);

describe('figures', () => {
  it('takes the value in the middle, or between two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('compares pair by pair', () => {
    const duel = describeDuel({ own, reference }, amounts, 2000);
    expect(duel.ratios).toEqual([3, 5, 2]);
    expect(duel.ratio).toBe(3);
    expect(duel.memoryRatio).toBe(0.5);
    expect(duel.lossDifference).toBeCloseTo(0.01, 10);
    expect(duel.own).toMatchObject({ rowsPerSecond: 10, tokensPerSecond: 100, utilisation: 0.5 });
  });

  it('has no ratios without a reference', () => {
    const duel = describeDuel({ own, reference: null }, amounts, 2000);
    expect(duel).toMatchObject({ ratio: null, memoryRatio: null, lossDifference: null });
    expect(duel.own.rowsPerSecond).toBe(10);
  });

  it('counts a row in several parts by its worst', () => {
    const better = describeDuel({ own, reference }, amounts, 2000);
    const worse = describeDuel({ own: side([4000, 4000, 4000], 0.9, 200), reference }, amounts, 2000);
    const parts = [better, worse].map((fp32) => ({
      row: 'C',
      title: '',
      measuredAt: '',
      pairs: 3,
      fp32,
      bf16: null,
    }));
    expect(summarizeRow('C', parts)).toMatchObject({
      row: 'C',
      ratioFp32: 1,
      ratioBf16: null,
      memoryRatio: 2,
      utilisation: 0.125,
    });
    expect(summarizeRow('C', parts).lossDifference).toBeCloseTo(0.1, 10);
  });
});

describe('the page of figures', () => {
  const measured = (rows: string[], at: string) => ({
    measuredAt: at,
    machine: { processor: 'p', cores: 2, memoryBytes: 1, system: 's' },
    peak: { fp32: 1, bf16: 1 },
    reference: {},
    rows: rows.map((row) => ({ row, title: at, measuredAt: at, pairs: 1, fp32: null, bf16: null })),
    growth: null,
  });

  it('keeps rows that were not measured again', () => {
    const merged = mergeMeasurements(measured(['A', 'C'], 'before'), measured(['B', 'C'], 'now'));
    expect(merged.rows.map(({ row, title }) => [row, title])).toEqual([
      ['A', 'before'],
      ['B', 'now'],
      ['C', 'now'],
    ]);
  });

  it('replaces only what stands between the markers', () => {
    const page = 'above\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nbelow\n';
    const renewed = replaceMarked(page, 'bench', 'new');
    expect(renewed).toBe('above\n<!-- bench: begin -->\n\nnew\n\n<!-- bench: end -->\nbelow\n');
    expect(() => replaceMarked('no markers', 'bench', 'new')).toThrow(/lacks the markers/);
  });

  it('writes a line for each precision, with what was wanted beside it', () => {
    const fp32 = describeDuel({ own, reference }, amounts, 2000);
    const table = writeTable([{ row: 'A', title: '', measuredAt: '', pairs: 3, fp32, bf16: null }], {
      A: { fp32: 5, memory: 1 },
    });
    const [, , line = '', ...rest] = table.split('\n');
    expect(rest).toEqual([]);
    expect(line).toContain('| 3.00× (2.00–5.00) | 5× |');
    expect(line).toContain('| ≤ 1× |');
  });
});

describe('rows', () => {
  it('use real weights and data where they are, and random ones elsewhere', () => {
    const kinds = (material: { model?: string; data?: string }) =>
      listRows(material).flatMap((row) => (row.kind === 'training' ? [row.work.model.kind] : []));
    expect(kinds({ model: '/model', data: '/data' })).toContain('folder');
    expect(kinds({ model: '/model' })).not.toContain('folder');
    expect(new Set(listRows({}).map(({ id }) => id[0]))).toEqual(new Set('ABCDEFG'));
  });
});

it('every method that classifies texts with BERT is measured on real weights', () => {
  const measured = new Set(methodRecipes.map(({ method }) => method.id));
  const classifying = listMethods().filter(
    ({ spec }) => spec.tasks.includes('classification') && spec.modelTypes.includes('bert'),
  );
  expect(classifying.filter(({ spec }) => !measured.has(spec.id)).map(({ spec }) => spec.id)).toEqual([]);
  expect(new Set(methodRecipes.map(({ name }) => name)).size).toBe(methodRecipes.length);
});
