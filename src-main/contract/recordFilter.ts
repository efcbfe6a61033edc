import { z } from 'zod';
import { healthCheckSchema, healthOptionsSchema } from './healthChecks.ts';
import { splitSchema } from './splits.ts';

export const recordStatusSchema = z.enum(['pending', 'draft', 'labelled', 'discarded']);
export type RecordStatus = z.infer<typeof recordStatusSchema>;

/** Which rows of a dataset, or records of a labelling; what is left out does not matter. */
export const recordFilterSchema = z.object({
  splits: z.array(splitSchema).min(1).optional(),
  /** Any of these: the labels of a row, those of a record's answer. */
  labels: z.array(z.string()).min(1).optional(),
  /** Any part of a word, without regard to case, in any column of a row, in the shown columns of a record. */
  text: z.string().max(500).optional(),
  /** Written by a model, or by people. */
  synthetic: z.boolean().optional(),
  minimumLength: z.number().int().optional(),
  maximumLength: z.number().int().optional(),
  statuses: z.array(recordStatusSchema).min(1).optional(),
  suggestion: z.string().optional(),
  flagged: z.boolean().optional(),
  noted: z.boolean().optional(),
  /** The answer is another than the suggestion. */
  disagreeing: z.boolean().optional(),
  minimumScore: z.number().optional(),
  maximumScore: z.number().optional(),
});
export type RecordFilter = z.infer<typeof recordFilterSchema>;

/** What only the records of a labelling have. */
export const labellingConditions = [
  'statuses',
  'suggestion',
  'flagged',
  'noted',
  'disagreeing',
  'minimumScore',
  'maximumScore',
] as const satisfies readonly (keyof RecordFilter)[];

/** A filter with what takes a check of the whole dataset to know. */
export const exportFilterSchema = recordFilterSchema.extend({
  /** Only rows that a check names. */
  finding: z.object({ check: healthCheckSchema, options: healthOptionsSchema.prefault({}) }).optional(),
});
export type ExportFilter = z.infer<typeof exportFilterSchema>;
