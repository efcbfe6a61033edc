import { z } from 'zod';
import { modelTypeSchema, taskSchema } from './methods.ts';

/** A base model in the library. */
export const modelSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  modelType: modelTypeSchema,
  /** Where it came from: shipped with the workbench, a folder on this machine, or the Hub. */
  source: z.enum(['sample', 'folder', 'hub']),
  hubId: z.string().optional(),
  license: z.string().optional(),
  folder: z.string(),
  parameters: z.number().int(),
  sizeBytes: z.number().int(),
  hiddenSize: z.number().int(),
  layers: z.number().int(),
  vocabularySize: z.number().int(),
  maximumLength: z.number().int(),
  /** Tasks this checkpoint can be trained for. */
  tasks: z.array(taskSchema),
  /** Names of the linear layers a method can target, by last path segment. */
  linearNames: z.array(z.string()),
  addedAt: z.string(),
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;

/** What a download would bring, shown before it starts. */
export const downloadPlanSchema = z.object({
  hubId: z.string(),
  revision: z.string(),
  license: z.string().nullable(),
  totalBytes: z.number().int(),
  files: z.array(z.object({ path: z.string(), sizeBytes: z.number().int(), sha256: z.string().nullable() })),
});
export type DownloadPlan = z.infer<typeof downloadPlanSchema>;
