import { z } from 'zod';

/** What can be changed or asked for between two steps of a run. */
export const steeringChangeSchema = z.discriminatedUnion('kind', [
  /** The learning rate that the schedule rises to and falls from, from here on. */
  z.object({ kind: z.literal('learningRate'), learningRate: z.number().positive().max(10) }),
  /** How many epochs the run has in all; the schedule stretches with it. */
  z.object({ kind: z.literal('length'), epochs: z.number().positive().max(10_000) }),
  /** Tokens computed at once: fewer need less memory and give the same update but for its last digits. */
  z.object({ kind: z.literal('passTokens'), passTokens: z.number().int().positive() }),
  z.object({ kind: z.literal('evaluation') }),
  z.object({ kind: z.literal('checkpoint') }),
]);
export type SteeringChange = z.infer<typeof steeringChangeSchema>;

/** A change and where it took effect: with these, a run that was steered can be repeated. */
export const steeringSchema = z.object({
  id: z.string(),
  /** Updates made before it. */
  step: z.number().int(),
  change: steeringChangeSchema,
});
export type Steering = z.infer<typeof steeringSchema>;
