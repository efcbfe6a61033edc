import { z } from 'zod';
import { adapterChoiceSchema } from './adapters.ts';
import { problemSchema } from './errors/index.ts';
import { taskSchema } from './methods.ts';
import { optionValuesSchema } from './options.ts';

/** Everything that decides a run's result. Option values left out take their defaults. */
export const runConfigSchema = z.object({
  name: z.string().optional(),
  modelId: z.string(),
  datasetId: z.string(),
  task: taskSchema,
  objective: optionValuesSchema.default({}),
  method: z.object({ id: z.string(), options: optionValuesSchema.default({}) }),
  training: optionValuesSchema.default({}),
  /** Adapters that stay as they are under what is trained, each on top of the one before. */
  adapters: z.array(adapterChoiceSchema).optional(),
  /** Texts that are not learned from, measured before training and at each evaluation: what the model forgets. */
  watchDatasetId: z.string().optional(),
});
export type RunConfig = z.infer<typeof runConfigSchema>;

/**
 * queued → preparing → running ⇄ paused → completed | stopped | failed | interrupted.
 * `interrupted` (its process or the host died) and `stopped` can be resumed.
 */
export const runStatusSchema = z.enum([
  'queued',
  'preparing',
  'running',
  'paused',
  'completed',
  'stopped',
  'failed',
  'interrupted',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const metricsSchema = z.record(z.string(), z.number());
export type Metrics = z.infer<typeof metricsSchema>;

export const confusionSchema = z.object({
  labels: z.array(z.string()),
  /** counts[actual][predicted] */
  counts: z.array(z.array(z.number().int())),
});
export type Confusion = z.infer<typeof confusionSchema>;

export const runSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  status: runStatusSchema,
  task: taskSchema,
  methodId: z.string(),
  modelId: z.string(),
  modelName: z.string(),
  datasetId: z.string(),
  datasetName: z.string(),
  /** As frozen at the start: every option with its value. */
  config: runConfigSchema,
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** In it over all sessions, by a clock that nobody sets; null where an earlier version did not note it. */
  elapsedMs: z.number().nullable(),
  step: z.number().int(),
  totalSteps: z.number().int().nullable(),
  trainableParameters: z.number().int().nullable(),
  totalParameters: z.number().int().nullable(),
  /** The newest value of each metric, by split: `validation.accuracy`, `train.loss`. */
  metrics: metricsSchema,
  problems: z.array(problemSchema),
  tags: z.array(z.string()),
  starred: z.boolean(),
  /** Kept, but out of the way. */
  archived: z.boolean(),
  /** The run this one was made from, by changing its settings or its data. */
  parentRunId: z.string().nullable(),
  /** What it was started together with, such as a comparison of methods. */
  group: z.string().nullable(),
  /** What it is part of; null where nobody has sorted it. */
  project: z.string().nullable(),
  /** Its place among the waiting runs: lower ones train first. Null where it does not wait. */
  queuePosition: z.number().int().nullable(),
  /** When a waiting run may begin; null for at once. */
  notBefore: z.string().nullable(),
  /** When it was thrown away; null for runs in the log. */
  removedAt: z.string().nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** The name of a group of runs or of a project. */
export const runGroupSchema = z.string().trim().min(1).max(120);

const notesTextSchema = z.string().max(100_000);

/** Notes to be read, with how far their headings move down to stand below those of the page. */
export const notesSchema = z.object({
  notes: notesTextSchema,
  headingsAbove: z.number().int().min(0).max(5),
});

/** What a person may add to a run at any time; what is left out stays as it is. */
export const runAnnotationSchema = z.object({
  name: z.string().trim().min(1).max(200).optional(),
  notes: notesTextSchema.optional(),
  tags: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
  starred: z.boolean().optional(),
  archived: z.boolean().optional(),
  /** Null takes it out. */
  group: runGroupSchema.nullable().optional(),
  project: runGroupSchema.nullable().optional(),
});
export type RunAnnotation = z.infer<typeof runAnnotationSchema>;

/** A configuration to start, and where it belongs. */
export const runStartSchema = runConfigSchema.extend({
  /** The run it was made from. */
  parentRunId: z.string().optional(),
  group: runGroupSchema.optional(),
  project: runGroupSchema.optional(),
  /** It waits until then, whatever is free. */
  notBefore: z.iso.datetime().optional(),
});
export type RunStart = z.infer<typeof runStartSchema>;

export const runDetailSchema = runSummarySchema.extend({
  datasetHash: z.string(),
  modelHash: z.string(),
  versions: z.record(z.string(), z.string()),
  labels: z.array(z.string()),
  confusion: confusionSchema.nullable(),
  /** Newest event number, to continue a live feed from. */
  lastSequence: z.number().int(),
  /** Markdown. */
  notes: z.string(),
  rowsPerSecond: z.number().nullable(),
  peakMemoryBytes: z.number().int().nullable(),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

/** What training will take of memory at its peak, in bytes; estimated without loading weights. */
export const memoryForecastSchema = z.object({
  /** Of the model and of what a method adds to it, as they are held. */
  weightBytes: z.number().int(),
  gradientBytes: z.number().int(),
  optimizerBytes: z.number().int(),
  /** What is kept of a forward pass until its gradients are known. */
  activationBytes: z.number().int(),
  /** The program itself. */
  programBytes: z.number().int(),
  totalBytes: z.number().int(),
});
export type MemoryForecast = z.infer<typeof memoryForecastSchema>;

/** What a run would cost, known before it starts. */
export const runForecastSchema = z.object({
  problems: z.array(problemSchema),
  trainableParameters: z.number().int().nullable(),
  totalParameters: z.number().int().nullable(),
  totalSteps: z.number().int().nullable(),
  trainRows: z.number().int().nullable(),
  memory: memoryForecastSchema.nullable(),
});
export type RunForecast = z.infer<typeof runForecastSchema>;

/** What a chart can have along its lower edge. */
export const chartAxisSchema = z.enum(['step', 'epoch', 'tokens', 'elapsedSeconds', 'wallSeconds']);
export type ChartAxis = z.infer<typeof chartAxisSchema>;

/**
 * Weights of what came before in a moving average that are prepared while points come in; others are computed from
 * every point. Stored curves follow this list: with another one, a migration must empty `metricSummaries`.
 */
export const smoothingStrengths: readonly number[] = [0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];

export const seriesQuerySchema = z.object({
  id: z.string(),
  /** All when left out. */
  metrics: z.array(z.string()).optional(),
  axis: chartAxisSchema.default('step'),
  fromStep: z.number().optional(),
  toStep: z.number().optional(),
  /** Bounds along the axis. */
  from: z.number().optional(),
  to: z.number().optional(),
  logarithmic: z.boolean().default(false),
  maximumPoints: z.number().int().min(10).max(10_000).default(1000),
  /** Weight of what came before in the moving average, which is taken over all points before any is left out. */
  smoothing: z.number().min(0).max(0.9999).default(0),
});

/** A metric's points for a chart: at most `maximumPoints` buckets, each with its extremes and last value. */
export const seriesSchema = z.object({
  metric: z.string(),
  /** Whose curve it is, where the run went on from a checkpoint of another one: what that one had learned up to there. */
  inheritedFrom: z.object({ runId: z.string(), name: z.string() }).optional(),
  /** In the range asked for; buckets stand for all of them. */
  totalPoints: z.number().int(),
  points: z.array(
    z.object({
      step: z.number(),
      last: z.number(),
      minimum: z.number(),
      maximum: z.number(),
      /** Where it stands along an axis that is not the step. */
      place: z.number().optional(),
      /** The moving average over every point up to here. */
      smooth: z.number().optional(),
    }),
  ),
});
export type Series = z.infer<typeof seriesSchema>;
