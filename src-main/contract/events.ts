import { z } from 'zod';
import { problemSchema } from './errors/index.ts';
import { confusionSchema, metricsSchema } from './runs.ts';
import { splitSchema } from './datasets.ts';
import { sampleSchema } from './samples.ts';
import { steeringSchema } from './steering.ts';

/** What an evaluation measures: a part of the run's own data, or the watched texts that it does not learn from. */
export const measuredPartSchema = z.enum([...splitSchema.options, 'watch']);

/** How busy the machine is, as shares between 0 and 1 since the step before. */
export const machineLoadSchema = z.object({
  /** Of all cores together, by the training process. */
  process: z.number(),
  /** Of all cores together, by everything that runs. */
  machine: z.number(),
  /** Of the graphics card; left out where there is none. */
  gpu: z.number().optional(),
});
export type MachineLoad = z.infer<typeof machineLoadSchema>;

/** What happens in a run, in the past tense. Each is stored before it is published. */
export const runEventBodySchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('queued'),
    /** Where it is to go on from a checkpoint that is not its newest: what came after is as if it had not been. */
    fromStep: z.number().int().optional(),
    /** Changes that this checkpoint does not know, by their ids. */
    undone: z.array(z.string()).optional(),
  }),
  z.object({ event: z.literal('started'), device: z.string(), resumedFromStep: z.number().int().nullable() }),
  z.object({
    event: z.literal('prepared'),
    trainableParameters: z.number().int(),
    totalParameters: z.number().int(),
    totalSteps: z.number().int(),
    trainRows: z.number().int(),
    labels: z.array(z.string()),
    memoryBytes: z.number().int(),
  }),
  z.object({
    event: z.literal('stepped'),
    step: z.number().int(),
    totalSteps: z.number().int(),
    epoch: z.number(),
    /** Trained on so far, without padding. */
    tokens: z.number().int().optional(),
    /** `loss`, `learningRate`, `gradientNorm`, `rowsPerSecond`, `tokensPerSecond`, and `accuracy` where the task has one. */
    metrics: metricsSchema,
    memoryBytes: z.number().int(),
    /** Left out where it was not measured anew. */
    load: machineLoadSchema.optional(),
    elapsedMs: z.number(),
    remainingMs: z.number(),
  }),
  /** What the training texts are to the model before anything is trained. */
  z.object({ event: z.literal('textsMeasured'), metrics: metricsSchema }),
  z.object({
    event: z.literal('evaluated'),
    step: z.number().int(),
    split: measuredPartSchema,
    metrics: metricsSchema,
    confusion: confusionSchema.optional(),
    best: z.boolean(),
  }),
  /** The model was shown the sampled rows. The log keeps what came of it in a place of its own, not in its events. */
  z.object({
    event: z.literal('sampled'),
    step: z.number().int(),
    samples: z.array(sampleSchema).optional(),
  }),
  z.object({ event: z.literal('checkpointed'), step: z.number().int(), sizeBytes: z.number().int() }),
  /** It stands still: because somebody wished it, or because of a problem, such as a full disk. */
  z.object({ event: z.literal('paused'), step: z.number().int(), problem: problemSchema.optional() }),
  z.object({ event: z.literal('resumed'), step: z.number().int() }),
  /** Somebody changed something, or asked for something, between two steps. */
  steeringSchema.extend({ event: z.literal('steered') }),
  z.object({ event: z.literal('noted'), problem: problemSchema }),
  z.object({
    event: z.literal('finished'),
    outcome: z.enum(['completed', 'stopped']),
    /** By split. */
    metrics: z.record(z.string(), metricsSchema),
    step: z.number().int(),
    rowsPerSecond: z.number(),
    peakMemoryBytes: z.number().int(),
    trainableParameters: z.number().int(),
    elapsedMs: z.number(),
  }),
  z.object({ event: z.literal('interrupted'), problem: problemSchema }),
  z.object({ event: z.literal('failed'), problems: z.array(problemSchema) }),
]);
export type RunEventBody = z.infer<typeof runEventBodySchema>;

/** An event as the host publishes it. Sequence numbers rise over all runs of a data folder, so one cursor is enough. */
export const runEventSchema = z.object({
  sequence: z.number().int(),
  runId: z.string(),
  at: z.string(),
  body: runEventBodySchema,
});
export type RunEvent = z.infer<typeof runEventSchema>;

/** What happened in a run but its steps, which the curves hold, and the newest step. */
export const runLogSchema = z.object({
  events: z.array(runEventSchema),
  latest: runEventSchema.nullable(),
  /** The newest event number of all this, to follow from. */
  lastSequence: z.number().int(),
});
export type RunLog = z.infer<typeof runLogSchema>;

/** Progress of long host work that is not a run: downloads and imports. */
export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum([
    'modelDownload',
    'datasetDownload',
    'datasetImport',
    'datasetExport',
    'datasetCheck',
    'labelling',
    'export',
  ]),
  title: z.string(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(['bytes', 'rows', 'steps']),
  ratePerSecond: z.number().nullable(),
  /** What it made, once completed: a model, dataset or export folder. */
  resultId: z.string().nullable(),
  problems: z.array(problemSchema),
});
export type Job = z.infer<typeof jobSchema>;
