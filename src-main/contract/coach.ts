import { z } from 'zod';
import { problemSchema } from './errors/index.ts';
import { optionValuesSchema } from './options.ts';

/** Something the coach sees in a run's curves: what it is and what helps, and the settings to try instead. */
export const adviceSchema = z.object({
  /** A sentence of the catalogue, `coach.…`: what is seen is its message, what to do its hint. */
  finding: problemSchema,
  severity: z.enum(['notice', 'warning']),
  /** Where on the curve; null where it concerns the whole run. */
  step: z.number().int().nullable(),
  /** Training options to change for another try; null where no setting helps. */
  change: optionValuesSchema.nullable(),
});
export type Advice = z.infer<typeof adviceSchema>;
