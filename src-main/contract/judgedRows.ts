import { z } from 'zod';
import { datasetRowSchema } from './datasets.ts';
import { splitSchema } from './splits.ts';

/** Which rows a finished run shall judge once more: those of a cell of its confusion matrix, or all it gets wrong. */
export const judgedRowsQuerySchema = z.object({
  runId: z.string(),
  /** The label the rows have; left out, any. */
  actual: z.string().optional(),
  /** The label the model gives them; left out, any other than theirs. */
  predicted: z.string().optional(),
  limit: z.number().int().min(1).max(1000).default(200),
});
export type JudgedRowsQuery = z.infer<typeof judgedRowsQuerySchema>;

export const judgedRowsSchema = z.object({
  datasetId: z.string(),
  /** The newest version of that dataset. */
  newestId: z.string(),
  /** The split the matrix speaks about. */
  split: splitSchema,
  /** Rows that were judged; of very many, only the first are. */
  judged: z.number().int(),
  /** How many of them are in the cell. */
  found: z.number().int(),
  /** The surest mistakes first; several labels, and spans with their texts, stand in one line. */
  rows: z.array(
    datasetRowSchema.extend({ actual: z.string(), predicted: z.string(), probability: z.number() }),
  ),
});
export type JudgedRows = z.infer<typeof judgedRowsSchema>;
