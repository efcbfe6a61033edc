import { z } from 'zod';
import { healthCheckSchema, healthFixSchema } from './healthChecks.ts';
import { splitRequestSchema } from './splits.ts';

/** What was done to make a version of a dataset. */
export const datasetChangeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fixed'),
    check: healthCheckSchema,
    fix: healthFixSchema,
    /** Rows that were changed, moved, removed or repeated. */
    rows: z.number().int(),
  }),
  z.object({ kind: z.literal('relabelled'), label: z.string(), rows: z.number().int() }),
  /** Texts that a model wrote and a person accepted became rows. */
  z.object({ kind: z.literal('expanded'), model: z.string(), rows: z.number().int() }),
  z.object({ kind: z.literal('split'), request: splitRequestSchema }),
  /** The version whose content it has again. */
  z.object({ kind: z.literal('restored'), version: z.string() }),
  z.object({ kind: z.literal('undone'), version: z.string() }),
  z.object({ kind: z.literal('redone'), version: z.string() }),
]);
export type DatasetChange = z.infer<typeof datasetChangeSchema>;
