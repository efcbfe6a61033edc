import { z } from 'zod';
import { problemSchema } from './errors/index.ts';
import { type RowContent, columnRoleSchema, rowContentSchema } from './methods.ts';
import { predictionSchema } from './prediction.ts';
import { splitSchema } from './splits.ts';

/** Tokens of an answer at most, where a model writes. */
export const writtenTokens = 64;

// A few rows that a run shows its model again and again, so that a person sees what it learns.

/** One of the rows. Long texts are cut. */
export const sampledRowSchema = z.object({
  split: splitSchema,
  /** What the model is given. */
  asked: rowContentSchema,
  /** What would be right, in one line; empty where that is nothing, null where the row does not say. */
  expected: z.string().nullable(),
});
export type SampledRow = z.infer<typeof sampledRowSchema>;

/** What the model makes of a row: a prediction in the form of the task, or what it writes. */
export const sampledAnswerSchema = z.object({
  answer: z.discriminatedUnion('form', [
    ...predictionSchema.options,
    z.object({ form: z.literal('text'), text: z.string() }),
  ]),
  /** Null where an answer is not simply right or wrong. */
  right: z.boolean().nullable(),
});
export type SampledAnswer = z.infer<typeof sampledAnswerSchema>;
export type Answer = SampledAnswer['answer'];

export const sampleSchema = sampledAnswerSchema.extend({ row: sampledRowSchema });
export type Sample = z.infer<typeof sampleSchema>;

export const samplesQuerySchema = z.object({
  id: z.string(),
  /** The newest when left out. */
  step: z.number().int().min(0).optional(),
});

export type SamplesQuery = z.infer<typeof samplesQuerySchema>;

/** The samples of one step of a run. */
export const runSamplesSchema = z.object({
  /** Steps at which samples are kept, rising. Of very many, an even choice. */
  steps: z.array(z.number().int()),
  /** The one these samples are of; null where there are none. */
  step: z.number().int().nullable(),
  samples: z.array(
    sampleSchema.extend({
      /** What was answered at the sampled step before, where that was something else. */
      before: z.string().nullable(),
    }),
  ),
  /** Why there are none, where that is known. */
  problem: problemSchema.nullable(),
});
export type RunSamples = z.infer<typeof runSamplesSchema>;

/** What a row asks, its parts one below the other. */
export function sayAsked(asked: RowContent): string {
  return columnRoleSchema.options.flatMap((role) => asked[role] ?? []).join('\n');
}

const digitsSaid = 3;

/** An answer in one line, without how sure the model is. */
export function sayAnswer(answer: Answer): string {
  switch (answer.form) {
    case 'labels': {
      const { labels, threshold } = answer;
      const chosen = threshold === undefined ? labels.slice(0, 1) : labels.filter(isChosen(threshold));
      return chosen.map(({ label }) => label).join(', ');
    }
    case 'number':
    case 'similarity':
      return String(Number(answer.value.toPrecision(digitsSaid)));
    case 'spans':
      return saySpans(answer.spans);
    case 'answer':
      return answer.answers[0]?.text ?? '';
    case 'fills':
      return answer.fills.map(({ tokens }) => tokens[0]?.label ?? '').join(', ');
    case 'text':
      return answer.text;
    default:
      return answer satisfies never;
  }
}

/** Labelled stretches in one line. */
export function saySpans(spans: readonly { readonly label: string; readonly text: string }[]): string {
  return spans.map(({ label, text }) => `${label}: ${text}`).join(', ');
}

function isChosen(threshold: number) {
  return ({ probability }: { probability: number }) => probability >= threshold;
}

/** What the model took for less likely than what it says, where it chooses one of several. */
export function othersOf(
  answer: Answer,
): readonly { readonly label: string; readonly probability: number }[] {
  if (answer.form === 'fills') return answer.fills[0]?.tokens.slice(1) ?? [];
  return answer.form === 'labels' && answer.threshold === undefined ? answer.labels.slice(1) : [];
}

/** How sure the model is of what it says first; null where it does not say. */
export function suretyOf(answer: Answer): number | null {
  switch (answer.form) {
    case 'labels':
      return answer.threshold === undefined ? (answer.labels[0]?.probability ?? null) : null;
    case 'answer':
      return answer.answers[0]?.probability ?? null;
    case 'fills':
      return answer.fills[0]?.tokens[0]?.probability ?? null;
    case 'number':
    case 'similarity':
    case 'spans':
    case 'text':
      return null;
    default:
      return answer satisfies never;
  }
}
