import type { Fields, Split } from '../contract/datasets.ts';
import type {
  Answer,
  HistoryEntry,
  HistoryKind,
  LabelChoice,
  LabelRecord,
  LabellingState,
  LabellingSummary,
  RecordCursor,
  RecordFilter,
  RecordOrder,
  RecordPage,
  RecordStatus,
} from '../contract/labels.ts';

export type LabellingHead = Omit<LabellingSummary, 'records' | 'byStatus'>;

/** Everything about a record that an action can change. */
export interface RecordValues {
  readonly status: RecordStatus;
  readonly split: Split;
  readonly fields: Fields;
  readonly answer: Answer | null;
  readonly suggestion: Answer | null;
  readonly score: number | null;
  readonly flagged: boolean;
  readonly note: string | null;
  readonly deleted: boolean;
}
export interface StoredRecord extends RecordValues {
  readonly number: number;
}
export type NewLabelRecord = Pick<RecordValues, 'status' | 'split' | 'fields' | 'answer' | 'suggestion'>;

/** Records written in transactions of their own; the labelling is invisible until `finish`. */
export interface LabellingWriter {
  append(records: readonly NewLabelRecord[]): void;
  finish(): LabellingSummary;
}

/** Who does something, and when. */
export interface Actor {
  readonly author: string;
  readonly at: string;
}
export interface NewAction extends Actor {
  readonly kind: Exclude<HistoryKind, 'undo' | 'redo' | 'revert'>;
  readonly value: string | null;
}
export interface ActionOutcome {
  /** Null where nothing changed; then nothing is recorded either. */
  readonly sequence: number | null;
  readonly changed: number;
  /** The first of the changed records, as they are now. */
  readonly records: LabelRecord[];
}

export interface PageQuery {
  readonly filter: RecordFilter;
  readonly order: RecordOrder;
  readonly after?: RecordCursor;
  readonly limit: number;
}

export interface LabelsTable {
  start(head: LabellingHead): LabellingWriter;
  /** Newest first. */
  list(): LabellingSummary[];
  get(id: string): LabellingSummary | undefined;
  saveLabels(id: string, labels: readonly LabelChoice[]): void;
  state(id: string): Omit<LabellingState, 'pace'>;
  page(id: string, query: PageQuery): RecordPage;
  /** How many match, no further than `limit`. */
  count(id: string, filter: RecordFilter, limit: number): number;
  /** Numbers of all records that match, rising. */
  matching(id: string, filter: RecordFilter): number[];
  record(id: string, number: number): StoredRecord | undefined;
  /** Every record that is not deleted, in order, in constant memory. */
  allRecords(id: string): IterableIterator<StoredRecord>;
  /**
   * One action: `edit` says what becomes of each record, or nothing. Records, history and counts change together or not
   * at all; actions that were undone can no longer be redone.
   */
  act(
    id: string,
    action: NewAction,
    numbers: Iterable<number>,
    edit: (record: StoredRecord) => Partial<RecordValues> | undefined,
  ): ActionOutcome;
  /** Puts records behind the last one, as one action. */
  add(id: string, action: NewAction, records: Iterable<NewLabelRecord>): ActionOutcome;
  /** Takes the newest action back, or does the oldest undone one again. */
  undo(id: string, actor: Actor): ActionOutcome;
  redo(id: string, actor: Actor): ActionOutcome;
  /** Brings everything to how it was after the action `sequence` (0: before the first). */
  revert(id: string, sequence: number, actor: Actor): ActionOutcome;
  /** Newest first. */
  history(id: string, query: { before?: number; limit: number }): HistoryEntry[];
  /** When the last records were labelled, newest first; actions that were taken back left out. */
  recentLabels(id: string, limit: number): { at: string; records: number }[];
  /** Hides the labelling at once. Whether there was one. */
  remove(id: string): boolean;
  /** Deletes some records of labellings that were removed or never finished; whether there are more. */
  purgeSome(limit: number): boolean;
}
