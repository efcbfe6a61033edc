import { z } from 'zod';
import { columnRoleSchema } from './methods.ts';
import { problemSchema } from './errors/index.ts';

export const splitSchema = z.enum(['train', 'validation', 'test']);
export type Split = z.infer<typeof splitSchema>;

export const fileFormatSchema = z.enum(['csv', 'tsv', 'jsonl']);
export type FileFormat = z.infer<typeof fileFormatSchema>;

/** How to read a file; what is left out is detected. */
export const readOptionsSchema = z.object({
  format: fileFormatSchema.optional(),
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

export const datasetPreviewSchema = z.object({
  format: fileFormatSchema,
  encoding: z.string(),
  delimiter: z.string().nullable(),
  columns: z.array(z.string()),
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
  source: z.enum(['sample', 'file']),
  mapping: columnMappingSchema,
  columns: z.array(z.string()),
  rows: z.number().int(),
  rowsBySplit: z.record(splitSchema, z.number().int()),
  /** Labels by frequency; empty when no column has the label role. */
  labels: z.array(z.object({ label: z.string(), count: z.number().int() })),
  addedAt: z.string(),
});
export type DatasetSummary = z.infer<typeof datasetSummarySchema>;

export const datasetRowSchema = z.object({
  position: z.number().int(),
  split: splitSchema,
  fields: z.record(z.string(), z.string()),
});
export type DatasetRow = z.infer<typeof datasetRowSchema>;
