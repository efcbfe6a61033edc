import { z } from 'zod';
import { type LocalizedText, localizedTextSchema } from './text.ts';

/** What a method does to a model, as the literature's comparison tables have it. */
export const methodTraitsSchema = z.object({
  /** What becomes of the model's own weights; a new task head is trained with every method. */
  base: z.enum(['fixed', 'partlyTrained', 'trained']),
  /** What is put beside them. */
  adds: localizedTextSchema,
  /** Where in the model that happens. */
  where: localizedTextSchema,
  /** What using the result costs beyond the base model. */
  inference: z.enum(['none', 'noneOnceMerged', 'slower', 'longer']),
  /** A learning rate to begin with. */
  learningRate: z.number(),
});
export type MethodTraits = z.infer<typeof methodTraitsSchema>;

/** How the tables say it. */
export const baseTexts = {
  fixed: { en: 'fixed', ko: '고정' },
  partlyTrained: { en: 'partly trained', ko: '일부 학습' },
  trained: { en: 'trained', ko: '모두 학습' },
} as const satisfies Record<MethodTraits['base'], LocalizedText>;

export const inferenceTexts = {
  none: { en: 'none', ko: '없음' },
  noneOnceMerged: { en: 'none once merged', ko: '합치면 없음' },
  slower: { en: 'small extra layers', ko: '작은 층만큼 느려짐' },
  longer: { en: 'a longer input', ko: '입력이 길어짐' },
} as const satisfies Record<MethodTraits['inference'], LocalizedText>;

/** Whether what was added can be folded into the model's weights. */
export function isMergeable({ inference }: MethodTraits): boolean {
  return inference === 'noneOnceMerged';
}
