import { z } from 'zod';
import { sourceFileSchema } from './datasets.ts';
import { splitSchema } from './splits.ts';

/** A dataset on the Hugging Face Hub: `owner/name`, at a branch, tag or commit. */
export const hubDatasetRequestSchema = z.object({
  hubId: z.string(),
  revision: z.string().default('main'),
  /** Where a repository holds several datasets, which; left out, the only one, `default`, or the first. */
  subset: z.string().optional(),
});
export type HubDatasetRequest = z.infer<typeof hubDatasetRequestSchema>;

/** What fetching a dataset would bring. */
export const hubDatasetPlanSchema = z.object({
  hubId: z.string(),
  /** The commit. */
  revision: z.string(),
  license: z.string().nullable(),
  subsets: z.array(z.string()),
  subset: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      sizeBytes: z.number().int(),
      sha256: z.string().nullable(),
      /** What its name says. */
      split: splitSchema.nullable(),
    }),
  ),
  totalBytes: z.number().int(),
});
export type HubDatasetPlan = z.infer<typeof hubDatasetPlanSchema>;

/** Fetched files, ready to be previewed and imported. */
export const hubDatasetFilesSchema = z.object({
  files: z.array(sourceFileSchema),
  plan: hubDatasetPlanSchema,
});
export type HubDatasetFiles = z.infer<typeof hubDatasetFilesSchema>;
