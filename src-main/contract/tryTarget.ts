import { z } from 'zod';
import { adapterChoiceSchema } from './adapters.ts';
import { taskSchema } from './methods.ts';

/** Adapters at work besides or instead of the usual: in order, each on top of the one before. */
const adapters = z.array(adapterChoiceSchema).optional();

/** Which weights to try: a finished run's, or a base model's own, with the head of a task. */
export const tryTargetSchema = z.union([
  z.object({ runId: z.string(), adapters }),
  z.object({ modelId: z.string(), task: taskSchema.optional(), adapters }),
]);
