import { z } from 'zod';
import { type FieldValue, type Fields, datasetFilterSchema } from './datasets.ts';
import { tryTargetSchema } from './tryTarget.ts';
import { generationOptionsSchema } from './worker.ts';

/** The column that says which rows a model wrote. It is part of the rows: every version, export and import carries it. */
export const originColumn = 'syntheticOrigin';

/** Where a row written by a model comes from; of the rows it was made from, only their family is kept. */
export const originSchema = z.object({
  /** Rows that share one stay in one split: a model must not be tested on what it was taught in other words. */
  families: z.array(z.string()),
  /** Name of the model that wrote the row; absent where a person's row is only the source of others. */
  model: z.string().optional(),
  /** The instruction, before a row's texts were put into it. */
  prompt: z.string().optional(),
  /** The row it was made from, counted from 1, and the version's hash it is counted in. */
  row: z.number().int().optional(),
  version: z.string().optional(),
  seed: z.number().int().optional(),
  /** A person changed what the model wrote. */
  edited: z.boolean().optional(),
});
export type Origin = z.infer<typeof originSchema>;

/** A cell of the column as an origin, also where a file had it as text; undefined where it holds none. */
export function readOrigin(value: FieldValue | undefined): Origin | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  let held: unknown = value;
  if (typeof value === 'string') {
    try {
      held = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  return originSchema.safeParse(held).data;
}

export const originOf = (fields: Fields): Origin | undefined => readOrigin(fields[originColumn]);

/** Whether a model wrote the row. */
export const isSynthetic = (fields: Fields): boolean => originOf(fields)?.model !== undefined;

/** What a model is asked to write, and from which rows. */
export const expansionRequestSchema = z.object({
  id: z.string(),
  target: tryTargetSchema,
  /** The column to write; left out, the text, else the question or prompt. */
  column: z.string().optional(),
  /** `{text}`, `{label}` and `{examples}` are what a row has; the latter are other rows of its label and split. */
  template: z.string().min(1).max(20_000),
  /** Rows to start from, counted from 1; left out, rows that pass the filter, drawn by the seed. */
  rows: z.array(z.number().int().min(1)).min(1).max(1000).optional(),
  filter: datasetFilterSchema.prefault({ splits: ['train'] }),
  mostRows: z.number().int().min(1).max(1000).default(20),
  perRow: z.number().int().min(1).max(20).default(2),
  /** Examples put in for `{examples}`. */
  examples: z.number().int().min(1).max(20).default(3),
  /** Its seed draws rows and examples, too. */
  generation: generationOptionsSchema.partial().default({}),
});
export type ExpansionRequest = z.infer<typeof expansionRequestSchema>;

/** A text to be judged by a person. */
export const candidateSchema = z.object({
  text: z.string(),
  /** The row it was made from, from 1, with that row's text and label. */
  row: z.number().int().min(1),
  source: z.string(),
  label: z.string(),
  /** Rows whose texts stood in the instruction as examples. */
  examples: z.array(z.number().int().min(1)),
  seed: z.number().int(),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** What happens while a model writes; each but the first is one of `total`. */
export const expansionEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('started'),
    model: z.string(),
    column: z.string(),
    template: z.string(),
    rows: z.number().int(),
    total: z.number().int(),
  }),
  z.object({ kind: z.literal('written'), candidate: candidateSchema }),
  /** Nothing was written, or what is there already. */
  z.object({ kind: z.literal('dropped'), why: z.enum(['empty', 'duplicate']), row: z.number().int() }),
]);
export type ExpansionEvent = z.infer<typeof expansionEventSchema>;

/** Texts a person accepted, to become rows. */
export const acceptedTextsSchema = z.object({
  id: z.string(),
  column: z.string(),
  model: z.string(),
  template: z.string(),
  texts: z
    .array(
      candidateSchema
        .pick({ text: true, row: true, examples: true, seed: true })
        .extend({ edited: z.boolean().default(false) }),
    )
    .min(1)
    .max(20_000),
});
export type AcceptedTexts = z.infer<typeof acceptedTextsSchema>;

/** Instructions to begin with, in the language of the data. */
export const expansionTemplates = {
  paraphrase: {
    en: 'Write the sentence again in other words. The meaning stays the same.\nSentence: {text}\nIn other words:',
    ko: '문장을 뜻은 그대로 두고 다른 말로 바꿔 쓰세요.\n문장: {text}\n바꿔 쓴 문장:',
  },
  more: {
    en: 'Sentences about "{label}", each on a line of its own:\n{examples}\n{text}\n',
    ko: '"{label}"에 관한 문장을 한 줄에 하나씩 씁니다.\n{examples}\n{text}\n',
  },
} as const;
