import { z } from 'zod';
import { taskSchema } from './methods.ts';

/** Names of texts in a feature cache, in the order that indices below refer to. */
const pool = z.array(z.string());

/** What the evaluation worker is asked for while somebody labels; each answer repeats the id. */
export const probeRequests = [
  /** Makes features of texts that the cache does not have yet. Answered by `done`. */
  z.object({
    kind: z.literal('readTexts'),
    id: z.number(),
    cacheFolder: z.string(),
    /** A base model, and a task that it can be loaded for. */
    model: z.object({ modelFolder: z.string(), task: taskSchema }),
    texts: z.array(z.object({ name: z.string(), text: z.string() })),
  }),
  z.object({
    kind: z.literal('teachProbe'),
    id: z.number(),
    cacheFolder: z.string(),
    pool,
    /** Classes of each, null where it is not labelled. */
    answers: z.array(z.array(z.number().int()).nullable()),
    /** Any number of classes may be right, instead of one. */
    several: z.boolean(),
    classes: z.number().int().min(1),
    /** Whether to judge labelled texts too, each by a probe that has not seen it. */
    crossValidates: z.boolean(),
    /** How many texts to choose that differ most. */
    different: z.number().int(),
  }),
  z.object({
    kind: z.literal('findNearest'),
    id: z.number(),
    cacheFolder: z.string(),
    pool,
    /** The text that others are compared with. */
    name: z.string(),
    count: z.number().int(),
  }),
] as const;

/** What the probe thinks of one text. */
export const probeOpinionSchema = z.object({
  /** Its index in the pool. */
  index: z.number().int(),
  /** What it most likely is. */
  classes: z.array(z.number().int()),
  probability: z.number(),
  margin: z.number(),
  entropy: z.number(),
  /** Probability of what it was given; only for labelled texts. */
  belief: z.number().optional(),
});
export type ProbeOpinion = z.infer<typeof probeOpinionSchema>;

export const probeLessonSchema = z.object({
  /** Of texts without a label, and of labelled ones where they were judged too. */
  opinions: z.array(probeOpinionSchema),
  /** Share of labelled texts whose classes were guessed; null where that was not asked. */
  accuracy: z.number().nullable(),
  /** Indices of texts that differ most, the first one first. */
  different: z.array(z.number().int()),
});
export type ProbeLesson = z.infer<typeof probeLessonSchema>;

export const probeMessages = [
  z.object({ kind: z.literal('probeTaught'), id: z.number(), lesson: probeLessonSchema }),
  z.object({
    kind: z.literal('nearestFound'),
    id: z.number(),
    found: z.array(z.object({ index: z.number().int(), similarity: z.number() })),
  }),
] as const;
