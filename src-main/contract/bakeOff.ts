import { z } from 'zod';
import { problemSchema } from './errors/index.ts';
import { taskSchema } from './methods.ts';
import { optionValuesSchema } from './options.ts';
import { runForecastSchema, runGroupSchema, runSummarySchema } from './runs.ts';

/** How long every method may train: the same for all of them. */
export const bakeOffBudgetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('epochs'), epochs: z.number().positive().max(1000) }),
  z.object({ kind: z.literal('steps'), steps: z.number().int().positive() }),
  z.object({ kind: z.literal('minutes'), minutes: z.number().positive().max(100_000) }),
]);
export type BakeOffBudget = z.infer<typeof bakeOffBudgetSchema>;

export const bakeOffMethodSchema = z.object({
  id: z.string(),
  options: optionValuesSchema.default({}),
  /** Left out: the one its description begins with. Methods learn at very different rates. */
  learningRate: z.number().positive().optional(),
});

/** The same data, split, budget and seeds for several methods. */
export const bakeOffRequestSchema = z.object({
  /** What its runs are grouped under; a number is added where the name is taken. */
  name: runGroupSchema.optional(),
  modelId: z.string(),
  datasetId: z.string(),
  task: taskSchema,
  objective: optionValuesSchema.default({}),
  /** Rows that no run learns from and each measures: what it forgets. */
  watchDatasetId: z.string().optional(),
  methods: z.array(bakeOffMethodSchema).min(1).max(100),
  seeds: z.array(z.number().int().min(0).max(2_147_483_647)).min(1).max(20),
  budget: bakeOffBudgetSchema,
  /** Settings that all of them share, besides budget, seed and learning rate. */
  training: optionValuesSchema.default({}),
});
export type BakeOffRequest = z.infer<typeof bakeOffRequestSchema>;

/** What one method of a bake-off would cost, or why it cannot take part. */
export const bakeOffEntrySchema = z.object({
  methodId: z.string(),
  learningRate: z.number(),
  forecast: runForecastSchema,
});
export type BakeOffEntry = z.infer<typeof bakeOffEntrySchema>;

export const startedBakeOffSchema = z.object({
  group: z.string(),
  runs: z.array(runSummarySchema),
  /** Methods that cannot take part, with the reasons. */
  refused: z.array(z.object({ methodId: z.string(), problems: z.array(problemSchema) })),
});
export type StartedBakeOff = z.infer<typeof startedBakeOffSchema>;

const spreadSchema = z.object({
  count: z.number().int(),
  mean: z.number(),
  /** Of a sample; 0 of one value. */
  deviation: z.number(),
});

/** One method in the table, over all of its seeds. */
export const bakeOffRowSchema = z.object({
  methodId: z.string(),
  options: optionValuesSchema,
  learningRate: z.number().nullable(),
  runs: z.array(runSummarySchema.pick({ id: true, status: true }).extend({ seed: z.number() })),
  /** Over the seeds that are through; null before the first. */
  quality: spreadSchema.nullable(),
  trainableParameters: z.number().int().nullable(),
  totalParameters: z.number().int().nullable(),
  peakMemoryBytes: z.number().int().nullable(),
  /** Mean over the seeds. */
  durationMs: z.number().nullable(),
  /** Files of the result: adapter or whole model. */
  resultBytes: z.number().int().nullable(),
});
export type BakeOffRow = z.infer<typeof bakeOffRowSchema>;

export const bakeOffResultSchema = z.object({
  group: z.string(),
  task: taskSchema,
  modelId: z.string(),
  modelName: z.string(),
  datasetName: z.string(),
  /** What decides, by its full name such as `test.accuracy`; null before the first run is through. */
  metric: z.object({ name: z.string(), better: z.enum(['higher', 'lower']) }).nullable(),
  runs: z.number().int(),
  finishedRuns: z.number().int(),
  /** The best first. */
  rows: z.array(bakeOffRowSchema),
  /** Who is ahead and why, or why nobody is: a sentence of the catalogue, `bakeOff.…`. */
  verdict: problemSchema,
});
export type BakeOffResult = z.infer<typeof bakeOffResultSchema>;

export const bakeOffSummarySchema = bakeOffResultSchema
  .pick({ group: true, task: true, modelName: true, datasetName: true, runs: true, finishedRuns: true })
  .extend({ createdAt: z.string(), methodIds: z.array(z.string()) });
export type BakeOffSummary = z.infer<typeof bakeOffSummarySchema>;

/** What methods would train: of a model of the library, of a folder with a config.json, or of a published model. */
export const methodTableRequestSchema = z.object({
  model: z.union([
    z.object({ modelId: z.string() }),
    z.object({ folder: z.string() }),
    z.object({ published: z.string() }),
  ]),
  task: taskSchema,
  labels: z.number().int().min(1).max(100_000).default(2),
});
export type MethodTableRequest = z.infer<typeof methodTableRequestSchema>;

export const methodTableSchema = z.object({
  model: z.string(),
  /** Of the model alone, with the head of the task. */
  totalParameters: z.number().int(),
  rows: z.array(
    z.object({
      methodId: z.string(),
      /** The model's own weights that are trained, a new head among them. */
      ownParameters: z.number().int().nullable(),
      addedParameters: z.number().int().nullable(),
      problems: z.array(problemSchema),
    }),
  ),
});
export type MethodTable = z.infer<typeof methodTableSchema>;
