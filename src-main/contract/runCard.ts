import { z } from 'zod';
import { problemSchema } from './errors/index.ts';
import { metricsSchema, runConfigSchema, runSummarySchema } from './runs.ts';
import { steeringSchema } from './steering.ts';

/** Everything needed to repeat a run, in one file. */
export const runCardSchema = z.object({
  format: z.literal('tunebench run card'),
  version: z.literal(1),
  name: z.string(),
  createdAt: z.string(),
  status: z.string(),
  /** With every option, the seed among them. */
  config: runConfigSchema,
  /** What was changed on the way. */
  steering: z.array(steeringSchema),
  model: z.object({ name: z.string(), hash: z.string() }),
  /** The hash covers every row and its split. */
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    rowsBySplit: z.record(z.string(), z.number()).nullable(),
    /** How many of them a model wrote; left out where none, or where the dataset is gone. */
    syntheticBySplit: z.record(z.string(), z.number()).optional(),
  }),
  /** Texts that were measured but not learned from; left out where there were none. */
  watch: z.object({ name: z.string(), hash: z.string() }).optional(),
  labels: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
  hardware: z.object({
    platform: z.string(),
    device: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
  }),
  steps: z.number(),
  metrics: metricsSchema,
  notes: z.string(),
});
export type RunCard = z.infer<typeof runCardSchema>;

/** A card as this workbench can use it: with its own model and data of the same hashes, where it has them. */
export const readCardSchema = z.object({
  card: runCardSchema,
  config: runConfigSchema,
  /** What is not here, or is here in another version. */
  problems: z.array(problemSchema),
});

/** Texts about a run, to be kept beside it. */
export const runDocumentSchema = z.enum(['card', 'html', 'markdown']);
export type RunDocument = z.infer<typeof runDocumentSchema>;

export const documentRequestSchema = z.object({
  id: z.string(),
  document: runDocumentSchema,
  language: z.enum(['en', 'ko']).default('en'),
});
export const documentSchema = z.object({ name: z.string(), mediaType: z.string(), text: z.string() });

/** How the curves of runs leave the workbench. */
export const curveFormatSchema = z.enum(['tensorboard', 'mlflow', 'parquet', 'csv', 'jsonl']);
export type CurveFormat = z.infer<typeof curveFormatSchema>;

export const curveExportSchema = z.object({
  ids: z.array(z.string()).min(1).max(1_000),
  format: curveFormatSchema,
  /** A file, or a folder for MLflow and TensorBoard. */
  path: z.string(),
});

export const runImportSchema = z.object({
  /** A TensorBoard event file or a folder of them, or a CSV file of Weights & Biases or trackio. */
  path: z.string(),
  name: z.string().optional(),
});
export const runImportResultSchema = z.array(runSummarySchema);
