import type { DatasetChange } from '../contract/datasetChanges.ts';
import type { DatasetRow, DatasetSummary, Fields, Split } from '../contract/datasets.ts';
import type { ModelSummary } from '../contract/models.ts';
import type { Problem } from '../contract/errors/index.ts';
import type { RunEvent, RunEventBody } from '../contract/events.ts';
import type { MetricExtremes } from '../contract/runValues.ts';
import type { ChartAxis, Metrics, RunDetail, RunStatus, RunSummary, Series } from '../contract/runs.ts';
import type { Sample } from '../contract/samples.ts';
import type { Settings } from '../contract/system.ts';
import type { WholeCurve } from './curve.ts';
import type { CurveView } from './decimate.ts';
import type { LabelsTable } from './labelTypes.ts';

export interface ModelsTable {
  insert(model: ModelSummary): void;
  /** Newest first. */
  list(): ModelSummary[];
  get(id: string): ModelSummary | undefined;
  /** Whether there was such a model. */
  remove(id: string): boolean;
}

export interface DatasetHead {
  readonly id: string;
  readonly name: string;
  readonly source: DatasetSummary['source'];
  readonly mapping: DatasetSummary['mapping'];
  readonly columns: readonly string[];
  readonly addedAt: string;
  /** The id of the first of several versions. */
  readonly lineage?: string;
  /** What was done to make this version. */
  readonly change?: DatasetChange;
  /** The same in words of their own. */
  readonly note?: string;
  readonly author?: string;
}
export interface NewRecord {
  readonly split: Split;
  /** Values as their file had them; readers of rows see them as text. */
  readonly fields: Fields;
}
/** Rows written in transactions of their own; the dataset is invisible until `finish`. */
export interface DatasetWriter {
  append(records: readonly NewRecord[]): void;
  finish(versionHash: string): DatasetSummary;
  /** Removes everything written. */
  abandon(): void;
}
export interface DatasetsTable {
  startImport(head: DatasetHead): DatasetWriter;
  /** Newest first. */
  list(): DatasetSummary[];
  get(id: string): DatasetSummary | undefined;
  rows(query: { id: string; split?: Split; offset: number; limit: number }): {
    total: number;
    rows: DatasetRow[];
  };
  /** The rows at these positions, which rise. */
  rowsAt(id: string, positions: readonly number[]): DatasetRow[];
  /** Every row in order, in constant memory. */
  allRows(id: string): IterableIterator<DatasetRow>;
  /** The same with every value as its file had it. */
  allRecords(id: string): IterableIterator<NewRecord>;
  remove(id: string): boolean;
}

/** A run as stored: everything of its detail but the newest event number, which the events know. */
export type RunRecord = Omit<RunDetail, 'lastSequence'>;
export type NewRun = Pick<
  RunRecord,
  | 'id'
  | 'name'
  | 'task'
  | 'methodId'
  | 'modelId'
  | 'modelName'
  | 'datasetId'
  | 'datasetName'
  | 'createdAt'
  | 'config'
  | 'datasetHash'
  | 'modelHash'
  | 'versions'
  | 'parentRunId'
> &
  Partial<Pick<RunRecord, 'group' | 'project' | 'notBefore'>>;
/** What may change after the start. `metrics` are merged into those already there. */
export type RunChange = Partial<
  Pick<
    RunRecord,
    | 'name'
    | 'status'
    | 'startedAt'
    | 'endedAt'
    | 'elapsedMs'
    | 'step'
    | 'totalSteps'
    | 'trainableParameters'
    | 'totalParameters'
    | 'metrics'
    | 'problems'
    | 'labels'
    | 'confusion'
    | 'rowsPerSecond'
    | 'peakMemoryBytes'
    | 'notes'
    | 'tags'
    | 'starred'
    | 'archived'
    | 'group'
    | 'project'
    | 'queuePosition'
    | 'notBefore'
    | 'removedAt'
  >
>;
export interface RunsTable {
  /** Starts as `queued`, at step 0, without metrics. */
  insert(run: NewRun): void;
  /** Newest first, without those thrown away. */
  list(): RunSummary[];
  /** Those thrown away, the newest first. */
  listRemoved(): RunSummary[];
  get(id: string): RunDetail | undefined;
  /** Whether there is such a run. */
  update(id: string, change: RunChange): boolean;
  /** The place behind every waiting run. */
  nextQueuePosition(): number;
  /** Removes the run with its events and metrics. */
  remove(id: string): boolean;
  withStatus(...statuses: RunStatus[]): RunSummary[];
  /**
   * Runs left `preparing`, `running` or `paused` by a host that died become `interrupted` with the problem made by
   * `describe`, and get an `interrupted` event. Returns them as they were.
   */
  markInterrupted(describe: (run: RunSummary) => Problem, at?: string): RunSummary[];
}

export interface EventsTable {
  /** Stores an event and gives it the next sequence number. */
  append(runId: string, body: RunEventBody, at?: string): RunEvent;
  /** Events after a sequence number in order, of one run or of all, at most `limit` (default 1000). */
  readAfter(query: { after: number; runId?: string; limit?: number }): RunEvent[];
  /** Everything that happened in a run but its steps, of which there may be millions, and its samples, which have a table. */
  apartFromSteps(runId: string): RunEvent[];
  latestStep(runId: string): RunEvent | undefined;
  /** The newest sequence number, 0 when there is none. */
  lastSequence(runId?: string): number;
}

export interface SeriesQuery extends CurveView {
  readonly runId: string;
  /** All but the axes when left out. */
  readonly metrics?: readonly string[] | undefined;
  /** What stands along the lower edge; steps when left out, and where the run has no such axis. */
  readonly axis?: ChartAxis | undefined;
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}
export interface MetricsTable {
  /** Stores one point per metric; names as shown, such as `train.loss`. A second value at the same step replaces the first. Values that are not finite are left out. */
  append(runId: string, step: number, metrics: Metrics): void;
  series(query: SeriesQuery): Series[];
  /** The same, each read when it is asked for. */
  seriesOneByOne(query: SeriesQuery): IterableIterator<Series>;
  names(runId: string): string[];
  /** Undefined where the run has no such series. */
  extremes(runId: string, metric: string): MetricExtremes | undefined;
  /** Every series whole, one at a time. */
  points(runId: string): IterableIterator<WholeCurve & { readonly metric: string }>;
  /** Forgets points after a step, for a run resumed from an older checkpoint. */
  removeAfter(runId: string, step: number): void;
}

export interface SamplesTable {
  /**
   * Stores what a model made of the sampled rows at a step; a second time at the same step replaces the first. Of very many
   * steps, an even choice with the first and the newest is kept.
   */
  append(runId: string, step: number, samples: readonly Sample[]): void;
  /** Those that are kept, rising. */
  steps(runId: string): number[];
  at(runId: string, step: number): Sample[] | undefined;
  /** Forgets what came after a step, for a run resumed from an older checkpoint. */
  removeAfter(runId: string, step: number): void;
}

export interface SettingsTable {
  get(): Settings;
  save(change: Partial<Settings>): Settings;
}

export type * from './labelTypes.ts';

export interface Store {
  readonly path: string;
  readonly models: ModelsTable;
  readonly datasets: DatasetsTable;
  readonly runs: RunsTable;
  readonly events: EventsTable;
  readonly metrics: MetricsTable;
  readonly samples: SamplesTable;
  readonly settings: SettingsTable;
  readonly labels: LabelsTable;
  /** Writes a whole copy of the database to a new file, as it is at this moment. */
  copyTo(path: string): void;
  /** Everything `work` writes happens, or none of it. Synchronous. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}
