import { z } from 'zod';
import { columnMappingSchema, readOptionsSchema, sourceFileSchema, splitSchema } from './datasets.ts';
import { problemSchema } from './errors/index.ts';
import { healthCheckSchema, healthFixSchema, healthOptionsSchema } from './healthChecks.ts';

export * from './healthChecks.ts';

/** A row as a person finds it: its line in the file, or its number in the dataset, from 1. */
export const rowReferenceSchema = z.object({ row: z.number().int(), file: z.string().optional() });
export type RowReference = z.infer<typeof rowReferenceSchema>;

export const healthFindingSchema = z.object({
  check: healthCheckSchema,
  /** Serious findings make results wrong or rows unusable; notices are for a person to judge. */
  severity: z.enum(['serious', 'notice']),
  /** How many rows it concerns. */
  rows: z.number().int(),
  /** How many groups of rows belong together. */
  groupCount: z.number().int(),
  /** What was found and what to do. */
  problem: problemSchema,
  /** What can be done about it at a press, the most usual first. */
  fixes: z.array(healthFixSchema),
  /** The first groups; rows of one group belong together. `note` names what they share: a label, a kind, a text. */
  groups: z.array(
    z.object({
      rows: z.array(rowReferenceSchema),
      note: z.string(),
      /** The label a classifier would give instead. */
      suggestion: z.string().optional(),
    }),
  ),
});
export type HealthFinding = z.infer<typeof healthFindingSchema>;

/** How many in each bin of this width: `counts[i]` from `i × width` on. */
const histogramSchema = z.object({ width: z.number().int(), counts: z.array(z.number().int()) });

export const datasetHealthSchema = z.object({
  rows: z.number().int(),
  rowsBySplit: z.record(splitSchema, z.number().int()),
  /** Labels, rarest first, with the weight that makes each count alike. */
  labels: z.array(
    z.object({
      label: z.string(),
      count: z.number().int(),
      weight: z.number(),
      bySplit: z.record(splitSchema, z.number().int()),
    }),
  ),
  /** Text lengths in characters. */
  lengths: histogramSchema,
  /** Null where no tokenizer was given. */
  tokens: z
    .object({
      lengths: histogramSchema,
      maximumTokens: z.number().int(),
      /** Rows longer than that. */
      truncated: z.number().int(),
      /** Of all tokens, those that stand for what the tokenizer does not know: a sign of another domain or language. */
      unknownShare: z.number(),
      /** Tokens a word: the more, the less of the texts' language the tokenizer knows. */
      perWord: z.number(),
    })
    .nullable(),
  findings: z.array(healthFindingSchema),
});
export type DatasetHealth = z.infer<typeof datasetHealthSchema>;

/** A dataset of the library, or files that need not be imported; a mapping left out is guessed. */
export const healthSourceSchema = z.union([
  z.object({ datasetId: z.string() }),
  z.object({
    files: z.array(sourceFileSchema).min(1),
    options: readOptionsSchema.default({}),
    mapping: columnMappingSchema.optional(),
  }),
]);
export type HealthSource = z.infer<typeof healthSourceSchema>;

/** A fix of what one check found, of all its groups or of those that hold one of the rows. */
export const healthFixRequestSchema = z.object({
  check: healthCheckSchema,
  /** Left out, the most usual one of the check. */
  fix: healthFixSchema.optional(),
  rows: z.array(z.number().int().min(1)).optional(),
  options: healthOptionsSchema.prefault({}),
});
export type HealthFixRequest = z.infer<typeof healthFixRequestSchema>;
