import type { Split, SplitRequest } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { groupsByName } from '../groupsByName.ts';
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
  /** Rows that share one belong together: what a model wrote, and what it wrote it after. */
  readonly families?: readonly string[];
  /** A model wrote it. */
  readonly synthetic?: boolean;
  /** A field of the row as text. */
  field(name: string): string;
}

const names: readonly Split[] = ['train', 'validation', 'test'];

/** Rows with the same value in a column; rows without a value stay alone. */
function groupsByColumn(rows: readonly SplitRow[], column: string): number[][] {
  return groupsByName(rows, (row) => {
    const value = row.field(column);
    return value === '' ? [] : [value];
  });
}

function groupsOf(rows: readonly SplitRow[], request: SplitRequest): number[] {
  const near = request.keepDuplicatesTogether
    ? findNearDuplicates(
        rows.map(({ text }) => text),
        { threshold: request.nearDuplicateThreshold },
      )
    : [];
  const byColumn = request.groupColumn === undefined ? [] : groupsByColumn(rows, request.groupColumn);
  const families = groupsByName(rows, ({ families: own = [] }) => own);
  return joinGroupings(rows.length, [near, byColumn, families]);
}

/** Groups in which a model wrote a row: unless it is allowed elsewhere, they are to train on. */
function trainingGroups(
  rows: readonly SplitRow[],
  groups: readonly number[],
  { syntheticAnywhere }: SplitRequest,
): ReadonlySet<number> {
  if (syntheticAnywhere) return new Set();
  return new Set(rows.flatMap(({ synthetic = false }, row) => (synthetic ? (groups[row] ?? []) : [])));
}

/** Deals all rows whose group is not kept out over the parts. */
function dealGroups(
  rows: readonly SplitRow[],
  groups: readonly number[],
  keptOut: ReadonlySet<number>,
  shares: readonly number[],
  seed: number,
): (number | undefined)[] {
  const dealt = rows.flatMap((_, row) => (keptOut.has(groups[row] ?? 0) ? [] : [row]));
  const parts = assignGroups(
    shares,
    dealt.map((row) => groups[row] ?? 0),
    dealt.map((row) => rows[row]?.label ?? ''),
    seed,
  );
  const partOf = Array<number | undefined>(rows.length).fill(undefined);
  dealt.forEach((row, index) => (partOf[row] = parts[index]));
  return partOf;
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

/** Columns that say the split may put rows of a model where nobody wanted them. */
function refuseSyntheticOutsideTraining(
  rows: readonly SplitRow[],
  splits: Split[],
  { syntheticAnywhere }: SplitRequest,
): Split[] {
  const outside = rows.filter(({ synthetic = false }, row) => synthetic && splits[row] !== 'train').length;
  if (outside === 0 || syntheticAnywhere) return splits;
  throw new TunebenchError('datasets.syntheticOutsideTraining', { rows: outside });
}

/**
 * Deals rows into folds of equal size, alike in their labels; groups stay together and rows of the test stay out.
 * @returns the fold of each row, from 0; `folds` for a row that is in training whichever fold validates, undefined for a
 * row of the test
 */
export function planFolds(
  rows: readonly SplitRow[],
  folds: number,
  request: SplitRequest,
): (number | undefined)[] {
  const dealt = rows.flatMap((row, index) => (row.split === 'test' ? [] : [index]));
  const folded = dealt.flatMap((index) => rows[index] ?? []);
  const groups = groupsOf(folded, request);
  const shares = Array<number>(folds).fill(1 / folds);
  const parts = dealGroups(folded, groups, trainingGroups(folded, groups, request), shares, request.seed);
  const foldOf = Array<number | undefined>(rows.length).fill(undefined);
  dealt.forEach((row, index) => (foldOf[row] = parts[index] ?? folds));
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
  if (request.byColumn !== undefined)
    return refuseSyntheticOutsideTraining(rows, byColumn(rows, request.byColumn), request);
  if (request.byTime !== undefined)
    return refuseSyntheticOutsideTraining(rows, byTime(rows, request.byTime, request), request);
  const { folds, fold = 1, seed } = request;
  if (folds !== undefined) {
    if (fold > folds) throw new TunebenchError('datasets.noSuchFold', { fold, folds });
    return splitsOfFold(planFolds(rows, folds, request), fold - 1);
  }
  const groups = groupsOf(rows, request);
  const keptOut = trainingGroups(rows, groups, request);
  return dealGroups(rows, groups, keptOut, sharesOf(request), seed).map(
    (part) => names[part ?? 0] ?? 'train',
  );
}
