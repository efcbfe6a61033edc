import { z } from 'zod';
import { problemSchema } from './errors/index.ts';
import { taskSchema } from './methods.ts';
import { optionValuesSchema } from './options.ts';

/** What to do differently in another try; what is left out stays as it was. */
export const adviceChangeSchema = z.object({
  /** Another task on the same texts; the method then keeps none of its settings. */
  task: taskSchema.optional(),
  /** Another method, with its usual settings. */
  methodId: z.string().optional(),
  training: optionValuesSchema.optional(),
});
export type AdviceChange = z.infer<typeof adviceChangeSchema>;

/** Something the coach sees in a run's curves: what it is and what helps, and the settings to try instead. */
export const adviceSchema = z.object({
  /** A sentence of the catalogue, `coach.…`: what is seen is its message, what to do its hint. */
  finding: problemSchema,
  severity: z.enum(['notice', 'warning']),
  /** Where on the curve; null where it concerns the whole run. */
  step: z.number().int().nullable(),
  /** Changes for another try, the likeliest first; empty where no setting helps. */
  changes: z.array(adviceChangeSchema),
});
export type Advice = z.infer<typeof adviceSchema>;
