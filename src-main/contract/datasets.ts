import { z } from 'zod';

import { datasetChangeSchema } from './datasetChanges.ts';
import { problemSchema } from './errors/index.ts';
import { type RowContent, columnRoleSchema } from './methods.ts';
import { exportFilterSchema } from './recordFilter.ts';
import { splitSchema } from './splits.ts';

export * from './splits.ts';

export const fileFormatSchema = z.enum([
  'csv',
  'tsv',
  'jsonl',
  'json',
  'parquet',
  'xlsx',
  /** A row per line. */
  'text',
  /** A row per paragraph; blank lines separate them. */
  'paragraphs',
  /** A token per line with its tags, a blank line after each sentence. */
  'conll',
  /** `__label__name` before the text of each line. */
  'fasttext',
  /** A folder per class with a text file per row. */
  'folder',
]);
export type FileFormat = z.infer<typeof fileFormatSchema>;

/**
 * What the columns of a row mean together: a plain table, or one of the layouts that conversations and preferences
 * come in.
 */
export const recordShapeSchema = z.enum(['plain', 'alpaca', 'shareGpt', 'messages', 'preference']);
export type RecordShape = z.infer<typeof recordShapeSchema>;

/** A value of a row as its file had it: a JSON value. Files of text have text only. */
export type FieldValue =
  string | number | boolean | null | readonly FieldValue[] | { readonly [name: string]: FieldValue };
export type Fields = Readonly<Record<string, FieldValue>>;

/** A value as text: text as it is, anything else as JSON, nothing for null. */
export function textOf(value: FieldValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** All fields as text. */
export function textFields(fields: Fields): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(fields)) texts[name] = textOf(fields[name]);
  return texts;
}

/** A column with more different values than this holds measures, which only a regression can learn, or is no label. */
export const largestLabelCount = 10_000;

/** How to read a file; what is left out is detected. */
export const readOptionsSchema = z.object({
  format: fileFormatSchema.optional(),
  shape: recordShapeSchema.optional(),
  /** Name of the sheet of a workbook; left out, the first visible one. */
  sheet: z.string().optional(),
  /** Cells carry the apostrophe that an export puts before what a spreadsheet would take for a formula. */
  guarded: z.boolean().optional(),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'euc-kr']).optional(),
  delimiter: z.string().length(1).optional(),
  /** Column names for a file without a header line. */
  columns: z.array(z.string()).optional(),
});
export type ReadOptions = z.infer<typeof readOptionsSchema>;

/** Which column plays which part, and which column (if any) says the split. */
export const columnMappingSchema = z.object({
  roles: z.partialRecord(columnRoleSchema, z.string()),
  splitColumn: z.string().optional(),
});
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/** What a row holds as text, by the parts its columns play; a field that is missing is empty. */
export function contentOfRow(fields: Fields, { roles }: ColumnMapping): RowContent {
  const content: RowContent = {};
  for (const role of columnRoleSchema.options) {
    const column = roles[role];
    if (column !== undefined) content[role] = textOf(fields[column]);
  }
  return content;
}

export const sourceFileSchema = z.object({
  path: z.string(),
  /** The split every row of this file belongs to; left out, the split column or a random share decides. */
  split: splitSchema.optional(),
});
export type SourceFile = z.infer<typeof sourceFileSchema>;

/** Problems of single rows, counted in full, listed up to a limit. */
export const rowProblemsSchema = z.object({
  count: z.number().int(),
  first: z.array(z.object({ line: z.number().int(), problem: problemSchema })),
});
export type RowProblems = z.infer<typeof rowProblemsSchema>;

/** What the values of a column are, where all that are there agree. */
export const columnTypeSchema = z.enum(['text', 'integer', 'number', 'boolean', 'json', 'mixed', 'empty']);
export const columnFactsSchema = z.object({
  name: z.string(),
  type: columnTypeSchema,
  /** Of the judged rows, those with a value. */
  filled: z.number().int(),
  distinct: z.number().int(),
  averageLength: z.number(),
  longest: z.number().int(),
});
export type ColumnFacts = z.infer<typeof columnFactsSchema>;

export const datasetPreviewSchema = z.object({
  format: fileFormatSchema,
  shape: recordShapeSchema,
  /** Null for files that are not text. */
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  columns: z.array(z.string()),
  /** The columns by what the first rows hold. */
  schema: z.array(columnFactsSchema),
  /** The first rows as read, by column. */
  rows: z.array(z.record(z.string(), z.string())),
  totalRows: z.number().int(),
  /** What the workbench guesses each column is. */
  suggestedMapping: columnMappingSchema,
  rowProblems: rowProblemsSchema,
});
export type DatasetPreview = z.infer<typeof datasetPreviewSchema>;

export const datasetSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Hash of the ordered records: two datasets with the same rows share it. */
  versionHash: z.string(),
  source: z.enum(['sample', 'file', 'labelling']),
  mapping: columnMappingSchema,
  columns: z.array(z.string()),
  rows: z.number().int(),
  rowsBySplit: z.record(splitSchema, z.number().int()),
  /** How many of them a model wrote; left out where none. */
  syntheticBySplit: z.record(splitSchema, z.number().int()).optional(),
  /** Labels by frequency; empty when no column has the label role, and where it holds measures. */
  labels: z.array(z.object({ label: z.string(), count: z.number().int() })),
  addedAt: z.string(),
  /** The id of the first of several versions; left out for a dataset that has no other. */
  lineage: z.string().optional(),
  /** What was done to make this version. */
  change: datasetChangeSchema.optional(),
  /** The same in words of their own: a labelling's, or those of an older build. */
  note: z.string().optional(),
  /** Who made it, where that is known. */
  author: z.string().optional(),
});
export type DatasetSummary = z.infer<typeof datasetSummarySchema>;

/** The versions of a dataset, oldest first, and the ones undo and redo lead to; null where there is nothing to do. */
export const datasetHistorySchema = z.object({
  versions: z.array(datasetSummarySchema),
  undo: z.string().nullable(),
  redo: z.string().nullable(),
});
export type DatasetHistory = z.infer<typeof datasetHistorySchema>;

export const datasetRowSchema = z.object({
  position: z.number().int(),
  split: splitSchema,
  fields: z.record(z.string(), z.string()),
});
export type DatasetRow = z.infer<typeof datasetRowSchema>;

export const exportRequestSchema = z.object({
  format: fileFormatSchema,
  shape: recordShapeSchema.default('plain'),
  filter: exportFilterSchema.default({}),
  /** The records of this labelling of the dataset, with their answers as they are now, instead of the dataset's rows. */
  labellingId: z.string().optional(),
  /** Columns for what the labelling knows of each record besides: number, status, suggestion, score, flag, note. */
  withMarks: z.boolean().default(false),
  /** Guard cells of text tables that a spreadsheet would take for formulas, and mark the file as UTF-8 for Excel. */
  forSpreadsheets: z.boolean().default(true),
  /** Whether a file of this name may be replaced. */
  replace: z.boolean().default(false),
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

export const datasetExportSchema = z.object({
  path: z.string(),
  rows: z.number().int(),
  files: z.number().int(),
  /** Null for a folder. */
  sizeBytes: z.number().int().nullable(),
});
export type DatasetExport = z.infer<typeof datasetExportSchema>;

const rowChangeSchema = z.union([
  z.object({
    kind: z.literal('changed'),
    /** In the older version, from 1. */
    row: z.number().int(),
    newRow: z.number().int(),
    /** Before and after. */
    splits: z.array(splitSchema).length(2),
    values: z.array(z.object({ column: z.string(), before: z.string(), after: z.string() })),
  }),
  z.object({ kind: z.enum(['added', 'removed']), row: z.number().int(), split: splitSchema }),
]);
export const versionDiffSchema = z.object({
  older: z.string(),
  newer: z.string(),
  added: z.number().int(),
  removed: z.number().int(),
  changed: z.number().int(),
  /** The first changes. */
  changes: z.array(rowChangeSchema),
});
export type VersionDiff = z.infer<typeof versionDiffSchema>;
