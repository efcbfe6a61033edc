import { z } from 'zod';
import { problemSchema } from './errors/index.ts';
import type { LabellingTask } from './labels.ts';
import type { Task } from './methods.ts';

/** Who suggests labels. */
export const helpSourceSchema = z.discriminatedUnion('kind', [
  /** A small classifier on what a base model makes of each text, taught by the labels given so far. */
  z.object({ kind: z.literal('probe'), modelId: z.string() }),
  /** A run that was trained to tell the same labels apart, as it is. */
  z.object({ kind: z.literal('run'), runId: z.string() }),
]);
export type HelpSource = z.infer<typeof helpSourceSchema>;

/** What each source can make suggestions for. */
export const helpedTasks: Readonly<Record<HelpSource['kind'], readonly LabellingTask[]>> = {
  probe: ['single', 'rating', 'multi'],
  run: ['single', 'rating', 'multi', 'spans'],
};

/** The task a run must have been trained for to suggest answers. */
export const taskOfHelpingRun: Readonly<Partial<Record<LabellingTask, Task>>> = {
  single: 'classification',
  rating: 'classification',
  multi: 'multiLabel',
  spans: 'tokenClassification',
};

export const helpStateSchema = z.object({
  source: helpSourceSchema,
  /** Of the model or run. */
  name: z.string(),
  phase: z.enum([
    /** The model reads the records. */
    'reading',
    /** The probe needs records of two labels before it can tell any apart. */
    'waiting',
    'ready',
    'failed',
  ]),
  /** Whether suggestions are being made right now: others than these come soon. */
  busy: z.boolean(),
  /** Records the model has read. */
  records: z.number().int(),
  /** Labelled records the probe has learned from; null for a run. */
  learned: z.number().int().nullable(),
  /** Share of the labelled records whose label the probe guesses without having seen it. */
  accuracy: z.number().nullable(),
  /** Rises whenever suggestions were made anew. */
  renewals: z.number().int(),
  problems: z.array(problemSchema),
});
export type HelpState = z.infer<typeof helpStateSchema>;
