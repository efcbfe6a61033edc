import type { Split, SplitRequest } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { findNearDuplicates } from '../health/nearDuplicates.ts';
import { readSplitName } from '../splits.ts';
import { assignGroups, joinGroupings } from './assignGroups.ts';

/** A row as splitting sees it. */
export interface SplitRow {
  readonly text: string;
  /** Empty where no column is the label. */
  readonly label: string;
  /** The split so far; rows of the test stay out of cross-validation. */
  readonly split?: Split;
  /** A field of the row as text. */
  field(name: string): string;
}

const names: readonly Split[] = ['train', 'validation', 'test'];

/** Rows with the same value in a column; rows without a value stay alone. */
function groupsByColumn(rows: readonly SplitRow[], column: string): number[][] {
  const groups = new Map<string, number[]>();
  rows.forEach((row, index) => {
    const value = row.field(column);
    if (value === '') return;
    const found = groups.get(value);
    if (found === undefined) groups.set(value, [index]);
    else found.push(index);
  });
  return [...groups.values()];
}

function groupsOf(rows: readonly SplitRow[], request: SplitRequest): number[] {
  const near = request.keepDuplicatesTogether
    ? findNearDuplicates(
        rows.map(({ text }) => text),
        { threshold: request.nearDuplicateThreshold },
      )
    : [];
  const byColumn = request.groupColumn === undefined ? [] : groupsByColumn(rows, request.groupColumn);
  return joinGroupings(rows.length, [near, byColumn]);
}

function sharesOf({ validationShare, testShare }: SplitRequest): number[] {
  if (validationShare + testShare >= 1) {
    throw new TunebenchError('datasets.badShares', { validation: validationShare, test: testShare });
  }
  return [1 - validationShare - testShare, validationShare, testShare];
}

function byColumn(rows: readonly SplitRow[], column: string): Split[] {
  return rows.map((row, index) => {
    const value = row.field(column);
    const split = readSplitName(value);
    if (split === undefined) {
      throw new TunebenchError('datasets.unknownSplit', {
        line: index + 1,
        column,
        value: value.slice(0, 80),
      });
    }
    return split;
  });
}

/** A place in time, also of values that are numbers; later is larger. */
function timeOf(value: string): number {
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) ? number : Date.parse(value);
}

/** The oldest rows to train on, the newest for the test; rows of one instant stay together. */
function byTime(rows: readonly SplitRow[], column: string, request: SplitRequest): Split[] {
  const times = rows.map((row, index) => {
    const time = timeOf(row.field(column));
    if (Number.isNaN(time)) {
      throw new TunebenchError('datasets.noTime', {
        row: index + 1,
        column,
        value: row.field(column).slice(0, 80),
      });
    }
    return time;
  });
  const [train = 1, validation = 0] = sharesOf(request);
  const sorted = times.toSorted((one, other) => one - other);
  const bound = (share: number) => sorted[Math.round(share * rows.length)] ?? Infinity;
  const [validationStart, testStart] = [bound(train), bound(train + validation)];
  return times.map((time) => (time >= testStart ? 'test' : time >= validationStart ? 'validation' : 'train'));
}

/**
 * Deals rows into folds of equal size, alike in their labels; groups stay together and rows of the test stay out.
 * @returns the fold of each row, from 0; undefined for a row of the test
 */
export function planFolds(
  rows: readonly SplitRow[],
  folds: number,
  request: SplitRequest,
): (number | undefined)[] {
  const dealt = rows.flatMap((row, index) => (row.split === 'test' ? [] : [index]));
  const folded = dealt.flatMap((index) => rows[index] ?? []);
  const parts = assignGroups(
    Array<number>(folds).fill(1 / folds),
    groupsOf(folded, request),
    folded.map(({ label }) => label),
    request.seed,
  );
  const foldOf = Array<number | undefined>(rows.length).fill(undefined);
  dealt.forEach((row, index) => (foldOf[row] = parts[index]));
  return foldOf;
}

/** The splits where one fold, from 0, is for validation. */
export function splitsOfFold(foldOf: readonly (number | undefined)[], fold: number): Split[] {
  return foldOf.map((own) => (own === undefined ? 'test' : own === fold ? 'validation' : 'train'));
}

/**
 * Decides the split of every row as asked. The same rows with the same request always get the same splits.
 * @throws TunebenchError where shares, a column or its values do not allow it
 */
export function planSplit(rows: readonly SplitRow[], request: SplitRequest): Split[] {
  if (request.byColumn !== undefined) return byColumn(rows, request.byColumn);
  if (request.byTime !== undefined) return byTime(rows, request.byTime, request);
  const { folds, fold = 1, seed } = request;
  if (folds !== undefined) {
    if (fold > folds) throw new TunebenchError('datasets.noSuchFold', { fold, folds });
    return splitsOfFold(planFolds(rows, folds, request), fold - 1);
  }
  const labels = rows.map(({ label }) => label);
  const groups = groupsOf(rows, request);
  return assignGroups(sharesOf(request), groups, labels, seed).map((part) => names[part] ?? 'train');
}
