import { z } from 'zod';
import { columnMappingSchema, readOptionsSchema, sourceFileSchema, splitSchema } from './datasets.ts';
import { problemSchema } from './errors/index.ts';

/** What is looked for in a dataset. */
export const healthCheckSchema = z.enum([
  'unusableRows',
  'exactDuplicates',
  'nearDuplicates',
  'leakage',
  'conflictingLabels',
  'classImbalance',
  'tooLittleData',
  'emptyTexts',
  'longTexts',
  'encodingDamage',
  'languageMix',
  'personalData',
]);
export type HealthCheck = z.infer<typeof healthCheckSchema>;

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
  /** The first groups; rows of one group belong together. `note` names what they share: a label, a kind, a text. */
  groups: z.array(z.object({ rows: z.array(rowReferenceSchema), note: z.string() })),
});
export type HealthFinding = z.infer<typeof healthFindingSchema>;

export const healthOptionsSchema = z.object({
  /** Share of common pieces from which two texts count as near-duplicates. */
  nearDuplicateThreshold: z.number().min(0.3).max(1).default(0.8),
  /** Characters from which a text counts as too long. */
  longTextCharacters: z.number().int().min(1).default(4000),
  /** How much of a model is to be trained, which decides how much data is enough. */
  extent: z.enum(['head', 'adapter', 'full']).default('adapter'),
  /** Groups listed per finding, and rows per group. */
  listedGroups: z.number().int().min(1).max(10_000).default(50),
});
export type HealthOptions = z.infer<typeof healthOptionsSchema>;

export const datasetHealthSchema = z.object({
  rows: z.number().int(),
  rowsBySplit: z.record(splitSchema, z.number().int()),
  /** Labels, rarest first, with the weight that makes each count alike. */
  labels: z.array(z.object({ label: z.string(), count: z.number().int(), weight: z.number() })),
  /** Text lengths in characters: how many in each bin of this width. */
  lengths: z.object({ width: z.number().int(), counts: z.array(z.number().int()) }),
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
