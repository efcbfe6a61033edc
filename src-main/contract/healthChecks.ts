import { z } from 'zod';

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
  /** Longer in tokens than the model is to read. */
  'truncatedTexts',
  /** Pieces the base model's tokenizer has no token for. */
  'unknownTokens',
  /** Blanks at the ends, doubled blanks, invisible characters, letters torn into parts. */
  'untidyTexts',
  'encodingDamage',
  'languageMix',
  'personalData',
  /** Labels that a classifier which did not see the row speaks against. */
  'labelErrors',
  /** Texts unlike all others by their pieces or their length. */
  'outliers',
  /** Rows that a model wrote, however good they are. */
  'syntheticRows',
]);
export type HealthCheck = z.infer<typeof healthCheckSchema>;

/** What can be done at a press about what a check found; each makes a new version. */
export const healthFixSchema = z.enum([
  /** Of each group one row stays: the first with the group's commonest label. */
  'keepOne',
  /** Groups that lie in several splits go to training as a whole. */
  'moveToTraining',
  'removeRows',
  /** The label most rows of the group have; groups without a majority stay as they are. */
  'majorityLabel',
  /** The label the classifier would give. */
  'predictedLabel',
  /** Letters and digits of personal data become asterisks. */
  'mask',
  'repairEncoding',
  'tidy',
  /** Training rows of rare labels are repeated. */
  'oversample',
  /** Training rows of common labels are left out, drawn by a seed. */
  'undersample',
]);
export type HealthFix = z.infer<typeof healthFixSchema>;

/** The fixes that fit each check, the most usual first. */
export const fixesOf: Readonly<Record<HealthCheck, readonly HealthFix[]>> = {
  unusableRows: [],
  exactDuplicates: ['keepOne'],
  nearDuplicates: ['keepOne'],
  leakage: ['moveToTraining', 'keepOne'],
  conflictingLabels: ['majorityLabel', 'removeRows'],
  classImbalance: ['oversample', 'undersample'],
  tooLittleData: [],
  emptyTexts: ['removeRows'],
  longTexts: ['removeRows'],
  truncatedTexts: ['removeRows'],
  unknownTokens: ['removeRows'],
  untidyTexts: ['tidy'],
  encodingDamage: ['repairEncoding', 'removeRows'],
  languageMix: ['removeRows'],
  personalData: ['mask', 'removeRows'],
  labelErrors: ['predictedLabel', 'removeRows'],
  outliers: ['removeRows'],
  syntheticRows: ['removeRows', 'moveToTraining'],
};

/** What counts as a finding. */
export const healthOptionsSchema = z.object({
  /** Share of common pieces from which two texts count as near-duplicates. */
  nearDuplicateThreshold: z.number().min(0.3).max(1).default(0.8),
  /** Characters from which a text counts as too long. */
  longTextCharacters: z.number().int().min(1).default(4000),
  /** The base model whose tokenizer counts tokens; left out, tokens are not counted. */
  modelId: z.string().optional(),
  /** Tokens from which a text will be cut. */
  maximumTokens: z.number().int().min(1).default(128),
  /** How much of a model is to be trained, which decides how much data is enough. */
  extent: z.enum(['head', 'adapter', 'full']).default('adapter'),
  /** Groups listed per finding, and rows per group. */
  listedGroups: z.number().int().min(1).max(10_000).default(50),
});
export type HealthOptions = z.infer<typeof healthOptionsSchema>;
