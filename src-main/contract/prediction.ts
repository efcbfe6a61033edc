import { z } from 'zod';

const rankedLabels = z.array(z.object({ label: z.string(), probability: z.number() }));
/** A stretch of a text, `[start, end)` in UTF-16 units. */
const stretch = { start: z.number().int(), end: z.number().int(), text: z.string(), probability: z.number() };

/** What a model makes of one row, in the form of its task. */
export const predictionSchema = z.discriminatedUnion('form', [
  z.object({
    form: z.literal('labels'),
    /** Every label, most probable first. */
    labels: rankedLabels,
    /** Where several may be right at once, from which probability on one counts as chosen. */
    threshold: z.number().optional(),
  }),
  z.object({ form: z.literal('number'), value: z.number() }),
  z.object({
    form: z.literal('spans'),
    spans: z.array(z.object({ ...stretch, label: z.string() })),
    /** Of the word whose tag is the least sure, in a span or outside; absent where the text has no word. */
    leastSure: z.object({ probability: z.number(), margin: z.number(), entropy: z.number() }).optional(),
  }),
  /** Answers, the best first; an empty text says that there is none. */
  z.object({ form: z.literal('answer'), answers: z.array(z.object(stretch)) }),
  /** What may stand at each hidden place, most probable first. */
  z.object({ form: z.literal('fills'), fills: z.array(z.object({ tokens: rankedLabels })) }),
  z.object({ form: z.literal('similarity'), value: z.number() }),
]);
export type Prediction = z.infer<typeof predictionSchema>;
