import {
  type ColumnMapping,
  type ReadOptions,
  type RowProblems,
  type Split,
  largestLabelCount,
} from '../contract/datasets.ts';
import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
  problemsFromError,
} from '../contract/errors/index.ts';
import { type FileLayout, detectLayout, readRows } from './layout.ts';
import { checkMapping } from './mapping.ts';
import { type CheckedRow, createProblemList, createRowCheck } from './rowChecks.ts';
import { type DatasetSource, maximumColumns } from './source.ts';
import { createSplitter } from './splits.ts';
import type { DatasetRecord } from './versionHash.ts';

export interface ImportOptions {
  /** The files, in the order their rows will have. */
  readonly sources: readonly DatasetSource[];
  readonly options: ReadOptions;
  readonly mapping: ColumnMapping;
  /** Shares of the rows whose split neither their file nor a column decides. */
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
  /** Leave unusable rows out instead of refusing the import. */
  readonly skipBadRows: boolean;
  readonly signal?: AbortSignal;
  /** Rows read so far by `planImport`; whoever takes `records` counts for themselves. */
  readonly onProgress?: (rowsRead: number) => void;
}

export interface ImportPlan {
  /** Columns over all files, in first-seen order. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly rowsBySplit: Readonly<Record<Split, number>>;
  /** By frequency; empty where no column is the label. */
  readonly labels: readonly { readonly label: string; readonly count: number }[];
  /** Rows that will be left out (only with `skipBadRows`). */
  readonly rowProblems: RowProblems;
  /** Reads the files again and yields the records in order with their splits, in constant memory. */
  records(): AsyncIterable<DatasetRecord>;
}

interface LaidOutFile {
  readonly source: DatasetSource;
  readonly layout: FileLayout;
}

const rowsPerReport = 1000;

/** Lays every file out and checks the mapping against each; all problems of all files at once. */
async function layOutFiles(options: ImportOptions): Promise<LaidOutFile[]> {
  const files: LaidOutFile[] = [];
  const problems: Problem[] = [];
  const { validationShare: validation, testShare: test } = options;
  if (validation + test >= 1) problems.push(describeProblem('datasets.badShares', { validation, test }));
  for (const source of options.sources) {
    try {
      const layout = await detectLayout(source, options.options);
      problems.push(...checkMapping(options.mapping, layout.columns, source.name));
      files.push({ source, layout });
    } catch (error) {
      if (!(error instanceof TunebenchError)) throw error;
      problems.push(...problemsFromError(error));
    }
  }
  if (problems.length > 0) throw errorFromProblems(problems);
  return files;
}

interface ReadingHooks {
  readonly onProgress?: ImportOptions['onProgress'];
  readonly onProblem?: (line: number, problem: Problem, file: string) => void;
}

/** Goes through every row of every file; between rows it can be cancelled. */
async function* checkedRows(
  files: readonly LaidOutFile[],
  options: ImportOptions,
  hooks: ReadingHooks = {},
): AsyncGenerator<CheckedRow> {
  let rowsRead = 0;
  for (const { source, layout } of files) {
    const check = createRowCheck(options.mapping, source.split);
    for await (const raw of readRows(source, layout)) {
      rowsRead++;
      if (rowsRead % rowsPerReport === 0) {
        if (options.signal?.aborted) throw new TunebenchError('common.cancelled');
        hooks.onProgress?.(rowsRead);
      }
      const verdict = check(raw);
      if ('row' in verdict) yield verdict.row;
      else hooks.onProblem?.(verdict.line, verdict.problem, source.name);
    }
  }
  hooks.onProgress?.(rowsRead);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

const isNumber = (label: string): boolean => label.trim() !== '' && Number.isFinite(Number(label));

interface Counts {
  rows: number;
  /** The label is a number with too many values to be a class: none of them is counted, nor dealt evenly to splits. */
  measures: boolean;
  readonly labels: Map<string, number>;
  readonly decided: Record<Split, number>;
  /** Rows by label whose split is still open. */
  readonly open: Map<string, number>;
  readonly columns: Set<string>;
  readonly rowProblems: RowProblems;
}

async function countRows(files: readonly LaidOutFile[], options: ImportOptions): Promise<Counts> {
  const problems = createProblemList();
  const counts: Counts = {
    rows: 0,
    measures: false,
    labels: new Map(),
    decided: { train: 0, validation: 0, test: 0 },
    open: new Map(),
    columns: new Set(files.flatMap(({ layout }) => layout.columns)),
    rowProblems: problems.result,
  };
  const labelColumn = options.mapping.roles.label;
  const hooks: ReadingHooks = {
    onProgress: options.onProgress,
    onProblem: (line, problem, file) => problems.add(line, problem, file),
  };
  for await (const row of checkedRows(files, options, hooks)) {
    counts.rows++;
    for (const name of Object.keys(row.fields)) counts.columns.add(name);
    if (counts.columns.size > maximumColumns) {
      throw new TunebenchError('datasets.tooManyColumns', {
        file: files.map(({ source }) => source.name).join(', '),
        limit: maximumColumns,
      });
    }
    if (labelColumn !== undefined) countLabel(counts, row.label, labelColumn);
    if (row.split === undefined) add(counts.open, stratumOf(row, counts));
    else counts.decided[row.split]++;
  }
  return counts;
}

function countLabel(counts: Counts, label: string, column: string): void {
  if (!counts.measures) {
    add(counts.labels, label);
    if (counts.labels.size <= largestLabelCount) return;
  }
  const numbers = counts.measures ? isNumber(label) : [...counts.labels.keys()].every(isNumber);
  if (!numbers) throw new TunebenchError('datasets.tooManyLabels', { column, limit: largestLabelCount });
  if (counts.measures) return;
  counts.measures = true;
  counts.labels.clear();
  const open = [...counts.open.values()].reduce((sum, count) => sum + count, 0);
  counts.open.clear();
  if (open > 0) counts.open.set('', open);
}

/** Rows of one stratum are dealt to the splits in the shares asked for. */
function stratumOf({ label }: { readonly label: string }, { measures }: Counts): string {
  return measures ? '' : label;
}

function refuseUnusable(counts: Counts, options: ImportOptions): void {
  const { count, first } = counts.rowProblems;
  const file = options.sources.map(({ name }) => name).join(', ');
  if (count > 0 && !options.skipBadRows) {
    const rows = counts.rows + count;
    const firstMessage = first[0]?.problem.message ?? '';
    const summary = describeProblem('datasets.badRows', { count, rows, first: firstMessage });
    throw new TunebenchError('datasets.badRows', summary.params, {
      problems: [summary, ...first.map(({ problem }) => problem)],
    });
  }
  if (counts.rows === 0) throw new TunebenchError('datasets.emptyFile', { file });
  const column = options.mapping.roles.label;
  const [only, second] = counts.labels.keys();
  if (column !== undefined && only !== undefined && second === undefined) {
    throw new TunebenchError('datasets.oneLabel', { column, label: only });
  }
}

/**
 * Reads every file once, checks every row, counts, and decides how the splits are dealt.
 * @throws TunebenchError naming every problem; with unusable rows unless `skipBadRows`
 */
export async function planImport(options: ImportOptions): Promise<ImportPlan> {
  const files = await layOutFiles(options);
  const counts = await countRows(files, options);
  refuseUnusable(counts, options);
  const shares = { validation: options.validationShare, test: options.testShare };
  const startSplitter = () => createSplitter(counts.open, shares, options.seed);

  async function* records(): AsyncGenerator<DatasetRecord> {
    const { decide } = startSplitter();
    let rows = 0;
    for await (const row of checkedRows(files, options)) {
      rows++;
      yield { split: row.split ?? decide(stratumOf(row, counts)), fields: row.fields };
    }
    if (rows !== counts.rows) {
      const names = options.sources.map(({ name }) => name).join(', ');
      throw new TunebenchError('datasets.fileChanged', { files: names });
    }
  }

  const { dealt } = startSplitter();
  return {
    columns: [...counts.columns],
    rows: counts.rows,
    rowsBySplit: {
      train: counts.decided.train + dealt.train,
      validation: counts.decided.validation + dealt.validation,
      test: counts.decided.test + dealt.test,
    },
    labels: [...counts.labels]
      .map(([label, count]) => ({ label, count }))
      .sort((one, other) => other.count - one.count || (one.label < other.label ? -1 : 1)),
    rowProblems: counts.rowProblems,
    records,
  };
}
