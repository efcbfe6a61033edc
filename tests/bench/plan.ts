import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TrainJob } from '../../src-main/contract/worker.ts';

const methodSchema = z.object({
  id: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});

/** Where rows come from: real questions with their intent, or texts made up by seed. */
const dataSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('banking77'),
    folder: z.string(),
    trainRows: z.number(),
    withTest: z.boolean(),
    /** Every so many-th training row is for validation instead; none when left out. */
    heldOutEvery: z.number().int().positive().optional(),
  }),
  z.object({ kind: z.literal('requests'), rows: z.number(), labels: z.number() }),
  z.object({ kind: z.literal('instructions'), rows: z.number() }),
  z.object({ kind: z.literal('texts'), rows: z.number(), tokens: z.number() }),
]);
export type BenchData = z.infer<typeof dataSchema>;

const modelSchema = z.discriminatedUnion('kind', [
  /** A folder of real weights; `dropout: false` takes a copy whose configuration has none. */
  z.object({ kind: z.literal('folder'), folder: z.string(), dropout: z.boolean() }),
  /** Random weights by seed for a config.json. */
  z.object({
    kind: z.literal('random'),
    config: z.record(z.string(), z.unknown()),
    type: z.enum(['F32', 'BF16']),
  }),
]);
export type BenchModel = z.infer<typeof modelSchema>;

/** One row of the bench as both sides get it; build/bench/rows.mjs holds them. */
export const planSchema = z.object({
  row: z.string(),
  task: z.enum(['classification', 'causalLm']),
  model: modelSchema,
  data: dataSchema,
  method: methodSchema,
  /** The method that makes the start both sides share; null where there is no other side. */
  startMethod: methodSchema.nullable(),
  maximumLength: z.number(),
  batchSize: z.number(),
  accumulation: z.number(),
  learningRate: z.number(),
  /** Other settings of this engine's run: what it may do that the reference cannot. */
  training: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  epochs: z.number(),
  /** 0: the epochs decide. */
  maximumSteps: z.number(),
  seed: z.number(),
  /** Folder for model, data and start. */
  workFolder: z.string(),
});
export type BenchPlan = z.infer<typeof planSchema>;

export function readPlan(path: string): BenchPlan {
  return planSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Where a plan's parts lie in its folder. */
export function placesOf({ workFolder, model }: BenchPlan) {
  return {
    model: model.kind === 'folder' && model.dropout ? model.folder : `${workFolder}/model`,
    data: `${workFolder}/data.jsonl`,
    start: `${workFolder}/start`,
  };
}

/** The engine's job for a plan. */
export function jobOf(plan: BenchPlan, method: BenchPlan['method'], precision: string): TrainJob {
  const { task, maximumLength, learningRate, epochs, batchSize, accumulation, maximumSteps, seed } = plan;
  const places = placesOf(plan);
  return {
    runId: 'bench',
    config: {
      modelId: 'bench',
      datasetId: plan.data.kind,
      task,
      objective: { maximumLength, ...(task === 'causalLm' ? { promptFormat: 'plain' } : {}) },
      method,
      training: {
        learningRate,
        epochs,
        batchSize,
        accumulation,
        maximumSteps,
        warmup: 0.06,
        schedule: 'linear',
        precision,
        checkpointEverySteps: 0,
        // The other side shows its model no rows on the way.
        sampleRows: 0,
        seed,
        ...plan.training,
      },
    },
    modelFolder: places.model,
    dataFile: places.data,
    runFolder: `${plan.workFolder}/run-${process.pid}`,
    resume: false,
  };
}
