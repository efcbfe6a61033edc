import { z } from 'zod';
import { bakeOffRequestSchema, bakeOffResultSchema, startedBakeOffSchema } from './bakeOff.ts';
import { procedure } from './procedure.ts';

/** Full fine-tuning and a row of intrinsic dimensions, everything else the same. */
export const d90RequestSchema = bakeOffRequestSchema.omit({ methods: true }).extend({
  dimensions: z
    .array(z.number().int().positive())
    .min(1)
    .max(50)
    .default([200, 500, 1000, 2000, 5000, 10_000, 20_000]),
  form: z.enum(['said', 'did']).default('said'),
  /** Of full fine-tuning and of the projections; left out: the ones they usually begin with. */
  fullLearningRate: z.number().positive().optional(),
  learningRate: z.number().positive().optional(),
});
export type D90Request = z.infer<typeof d90RequestSchema>;

export const d90ResultSchema = bakeOffResultSchema
  .pick({ group: true, modelName: true, datasetName: true, metric: true, runs: true, finishedRuns: true })
  .extend({
    /** What full fine-tuning reached, mean over the seeds; null before it has. */
    full: z.number().nullable(),
    points: z.array(
      z.object({
        dimension: z.number().int(),
        value: z.number(),
        /** Of what full fine-tuning reached. */
        share: z.number(),
      }),
    ),
    /** The smallest dimension that reached 90 %; null where none has. */
    d90: z.number().int().nullable(),
  });
export type D90Result = z.infer<typeof d90ResultSchema>;

export const studyProcedures = {
  /** Queues the runs of a d90 measurement. */
  startD90: procedure.input(d90RequestSchema).output(startedBakeOffSchema),
  /** What its runs come to so far. */
  d90: procedure.input(z.object({ group: z.string() })).output(d90ResultSchema),
};
