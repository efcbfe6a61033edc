import { z } from 'zod';

export const splitSchema = z.enum(['train', 'validation', 'test']);
export type Split = z.infer<typeof splitSchema>;

/** How to decide the split of every row anew. */
export const splitRequestSchema = z.object({
  validationShare: z.number().min(0).max(0.9).default(0.1),
  testShare: z.number().min(0).max(0.9).default(0.1),
  seed: z.number().int().default(0),
  /** Near-duplicates stay in one split: otherwise a model is tested on what it has seen. */
  keepDuplicatesTogether: z.boolean().default(true),
  nearDuplicateThreshold: z.number().min(0.3).max(1).default(0.8),
  /** Rows with the same value here stay in one split, such as the turns of a conversation. */
  groupColumn: z.string().optional(),
  /** Rows written by a model may also be used to validate and test; otherwise they stay in training with their sources. */
  syntheticAnywhere: z.boolean().default(false),
  /** A column that says the split. */
  byColumn: z.string().optional(),
  /** A column with a time: the oldest rows to train on, the newest for the test. */
  byTime: z.string().optional(),
  /** Cross-validation: rows are dealt into so many folds; one of them is for validation, the others to train on. */
  folds: z.number().int().min(2).max(50).optional(),
  /** Which fold is for validation, from 1. */
  fold: z.number().int().min(1).optional(),
});
export type SplitRequest = z.infer<typeof splitRequestSchema>;
