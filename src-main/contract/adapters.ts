import { z } from 'zod';
import { taskSchema } from './methods.ts';
import { nothing, procedure } from './procedure.ts';

/** How much an adapter counts: 1 all of it, 0 nothing, negative takes away what it adds. */
export const adapterWeightSchema = z.number().min(-10).max(10);

/** An adapter and how much it counts, as a person chooses it. The id of a run stands for that run's adapter. */
export const adapterChoiceSchema = z.object({ id: z.string(), weight: adapterWeightSchema.default(1) });
export type AdapterChoice = z.infer<typeof adapterChoiceSchema>;

/** The same as the engine gets it. */
export const adapterUseSchema = z.object({ folder: z.string(), weight: z.number() });

/** How several LoRA adapters become one: exactly their sum with a larger rank, or their matrices averaged. */
export const combinationSchema = z.enum(['concatenate', 'average']);

export const adapterSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Where it comes from. */
  origin: z.enum(['run', 'combined', 'imported']),
  modelId: z.string(),
  modelName: z.string(),
  task: taskSchema,
  /** PEFT's type, or the kind of the adapters library. */
  type: z.string(),
  /** Whether it can become part of one adapter with others. */
  canCombine: z.boolean(),
  sizeBytes: z.number().int(),
  createdAt: z.string(),
  /** What it was combined from. */
  parts: z.array(adapterChoiceSchema.extend({ name: z.string() })),
});
export type AdapterSummary = z.infer<typeof adapterSummarySchema>;

export const adapterProcedures = {
  /** Every adapter there is, newest first: of finished runs, combined ones and imported ones. */
  list: procedure.input(nothing).output(z.array(adapterSummarySchema)),
  /** Copies an adapter folder of another program into the workbench. */
  import: procedure
    .input(z.object({ path: z.string(), modelId: z.string(), task: taskSchema, name: z.string().optional() }))
    .output(adapterSummarySchema),
  /** Makes one adapter of several. */
  combine: procedure
    .input(
      z.object({
        adapters: z.array(adapterChoiceSchema),
        how: combinationSchema.default('concatenate'),
        name: z.string().min(1),
      }),
    )
    .output(adapterSummarySchema),
  /** Deletes a combined or imported adapter. */
  remove: procedure.input(z.object({ id: z.string() })).output(z.object({ id: z.string() })),
};
