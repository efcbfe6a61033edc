import { z } from 'zod';
import { id, procedure } from './procedure.ts';
import { metricsSchema, runSummarySchema } from './runs.ts';

/** Days after which a deleted checkpoint is gone for good. */
export const binnedCheckpointDays = 30;

export const checkpointSchema = z.object({
  step: z.number().int(),
  /** Why it is kept when older ones are removed; empty for one that is simply recent. */
  kinds: z.array(z.enum(['last', 'best', 'asked'])),
  sizeBytes: z.number().int(),
  /** What was measured at this step, by split: `validation.accuracy`, `train.loss`. */
  metrics: metricsSchema,
  /** Null where the log does not tell. */
  savedAt: z.string().nullable(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const binnedCheckpointSchema = z.object({
  key: z.string(),
  step: z.number().int(),
  sizeBytes: z.number().int(),
  removedAt: z.string(),
  /** When it is deleted for good. */
  keptUntil: z.string(),
});

/** Where a run can go on from, newest first, and what was deleted of it. */
export const checkpointListSchema = z.object({
  checkpoints: z.array(checkpointSchema),
  sizeBytes: z.number().int(),
  bin: z.array(binnedCheckpointSchema),
  binBytes: z.number().int(),
});
export type CheckpointList = z.infer<typeof checkpointListSchema>;

const step = z.number().int().min(0);

/** A new run that goes on from a checkpoint of another, with another rate or length from there on. */
export const forkRequestSchema = z.object({
  id: z.string(),
  step,
  name: z.string().trim().min(1).max(200).optional(),
  learningRate: z.number().positive().max(10).optional(),
  /** In all, counted from the start of the first run. */
  epochs: z.number().positive().max(10_000).optional(),
});
export type ForkRequest = z.infer<typeof forkRequestSchema>;

export const checkpointProcedures = {
  list: procedure.input(id).output(checkpointListSchema),
  /** Puts checkpoints into the run's own bin. */
  remove: procedure
    .input(id.extend({ steps: z.array(step).min(1).max(10_000) }))
    .output(checkpointListSchema),
  /** Puts all but the newest, the best and those that were asked for into the bin. */
  prune: procedure.input(id.extend({ keep: z.number().int().min(1).max(1000) })).output(checkpointListSchema),
  /** Takes checkpoints back out of the bin. */
  restore: procedure
    .input(id.extend({ keys: z.array(z.string()).min(1).max(10_000) }))
    .output(checkpointListSchema),
  /** Deletes what is in the bin for good. */
  emptyBin: procedure.input(id).output(checkpointListSchema),
  fork: procedure.input(forkRequestSchema).output(runSummarySchema),
};
