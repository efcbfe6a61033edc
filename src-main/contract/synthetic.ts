import { z } from 'zod';
import { recordFilterSchema } from './recordFilter.ts';
import { tryTargetSchema } from './tryTarget.ts';
import { generationOptionsSchema } from './worker.ts';

/** What a model is asked to write, and from which rows. */
export const expansionRequestSchema = z.object({
  id: z.string(),
  target: tryTargetSchema,
  /** The column to write; left out, the text, else the question or prompt. */
  column: z.string().optional(),
  /** `{text}`, `{label}` and `{examples}` are what a row has; the latter are other rows of its label and split. */
  template: z.string().min(1).max(20_000),
  /** Rows to start from, counted from 1; left out, rows that pass the filter, drawn by the seed; training rows unless it names splits. */
  rows: z.array(z.number().int().min(1)).min(1).max(1000).optional(),
  filter: recordFilterSchema.prefault({}),
  mostRows: z.number().int().min(1).max(1000).default(20),
  perRow: z.number().int().min(1).max(20).default(2),
  /** Examples put in for `{examples}`. */
  examples: z.number().int().min(1).max(20).default(3),
  /** Its seed draws rows and examples, too. */
  generation: generationOptionsSchema.partial().default({}),
});
export type ExpansionRequest = z.infer<typeof expansionRequestSchema>;
/** With what is left out. */
export type ExpansionInput = z.input<typeof expansionRequestSchema>;

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
