import type { ColumnMapping, DatasetPreview, ReadOptions, RowProblems, Split } from '../contract/datasets.ts';

/** A file handed in from outside. `open` may be called several times, each from the start. */
export interface DatasetSource {
  /** File name, which gives a hint of the format and names the file in messages. */
  readonly name: string;
  /** The split of every row of this file, where that is known. */
  readonly split?: Split;
  open(): AsyncIterable<Uint8Array>;
}

/** Reads a whole file once and says what it is: format, columns, first rows, problems, suggested mapping. */
export declare function previewDataset(
  source: DatasetSource,
  options: ReadOptions,
  rows: number,
): Promise<DatasetPreview>;

export interface ImportOptions {
  readonly sources: readonly DatasetSource[];
  readonly options: ReadOptions;
  readonly mapping: ColumnMapping;
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
  readonly skipBadRows: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (rowsRead: number) => void;
}
export interface DatasetRecord {
  readonly split: Split;
  readonly fields: Readonly<Record<string, string>>;
}
export interface ImportPlan {
  /** Columns over all files, in first-seen order. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly rowsBySplit: Readonly<Record<Split, number>>;
  readonly labels: readonly { label: string; count: number }[];
  /** Rows that will be left out (only with `skipBadRows`). */
  readonly rowProblems: RowProblems;
  /** Reads the files again and yields the records in order with their splits. */
  records(): AsyncIterable<DatasetRecord>;
}
/**
 * Reads every file once, checks every row, counts, and decides the splits.
 * @throws TunebenchError naming every problem; with bad rows unless `skipBadRows`
 */
export declare function planImport(options: ImportOptions): Promise<ImportPlan>;

/** SHA-256 over ordered records; the same rows give the same hash whatever file they came from. */
export interface VersionHasher {
  add(record: DatasetRecord): void;
  digest(): string;
}
export declare function createVersionHasher(): VersionHasher;
