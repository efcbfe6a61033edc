import { z } from 'zod';
import type { Fields, Split } from '../contract/datasets.ts';
import { helpSourceSchema } from '../contract/labelHelp.ts';
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
  SavedFilter,
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

/** What a model says of a record; what is left out stays as it was. No part of the history: nobody decided it. */
export interface ModelOpinion {
  readonly number: number;
  readonly suggestion?: Answer | null;
  /** Probability of the suggestion. */
  readonly score?: number | null;
  /** How far it is ahead of the next label. */
  readonly margin?: number | null;
  /** Of the probabilities, from 0 to 1. */
  readonly entropy?: number | null;
  /** Among the records that differ most. */
  readonly place?: number | null;
  /** Probability of the label a person gave. */
  readonly belief?: number | null;
}

/** A record that has features, with what the probe learns from it. */
export interface FeaturedRecord {
  readonly number: number;
  readonly feature: string;
  readonly status: RecordStatus;
  readonly answer: Answer | null;
}

/** Where suggestions come from, and what is known of the last ones. */
export const storedHelpSchema = z.object({
  source: helpSourceSchema,
  name: z.string(),
  /** Newest entry of the history when the probe was last taught. */
  sequence: z.number(),
  /** Records the model has read. */
  records: z.number(),
  learned: z.number().nullable(),
  accuracy: z.number().nullable(),
});
export type StoredHelp = z.infer<typeof storedHelpSchema>;

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
  /** The labels before and after it, where it changes them. */
  readonly labels?: { readonly before: readonly LabelChoice[]; readonly after: readonly LabelChoice[] };
}
export interface ActionOutcome {
  /** Null where nothing changed; then nothing is recorded either. */
  readonly sequence: number | null;
  readonly changed: number;
  /** The first of the changed records, as they are now. */
  readonly records: LabelRecord[];
  /** The labels, where it changed them. */
  readonly labels?: LabelChoice[];
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
  state(id: string): Omit<LabellingState, 'pace' | 'help'>;
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
  /** Writes what a model says; what the dataset or rules suggest stays. */
  saveOpinions(id: string, opinions: readonly ModelOpinion[]): void;
  /** Numbers of records that a model has said something about. */
  withOpinion(id: string, limit: number): number[];
  help(id: string): StoredHelp | null;
  saveHelp(id: string, help: StoredHelp | null): void;
  /** Records without features, in the random order. */
  withoutFeature(id: string, status: RecordStatus, limit: number): StoredRecord[];
  saveFeatures(id: string, features: readonly { number: number; feature: string }[]): void;
  /** Records with features that are not deleted, by number. */
  features(id: string): FeaturedRecord[];
  clearFeatures(id: string): void;
  filters(datasetId: string): SavedFilter[];
  saveFilter(datasetId: string, filter: SavedFilter): void;
  removeFilter(datasetId: string, name: string): void;
  /** Hides the labelling at once. Whether there was one. */
  remove(id: string): boolean;
  /** Deletes some records of labellings that were removed or never finished; whether there are more. */
  purgeSome(limit: number): boolean;
}
