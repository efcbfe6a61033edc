import { z } from 'zod';
import { type LocalizedText, localizedTextSchema } from './text.ts';

/** What a method does to a model, as the literature's comparison tables have it. */
export const methodTraitsSchema = z.object({
  /** By which it stands beside its like. */
  family: z.enum(['weightChanges', 'ownWeights', 'networks', 'virtualTokens', 'combined']),
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

/** Families in the order in which they are shown. */
export const familyTexts = {
  weightChanges: { en: 'Small changes to the weights', ko: '가중치에 더하는 작은 변화' },
  ownWeights: { en: 'The model’s own weights', ko: '모델 자체의 가중치' },
  networks: { en: 'Small networks in the blocks', ko: '블록 안의 작은 신경망' },
  virtualTokens: { en: 'Virtual tokens', ko: '가상 토큰' },
  combined: { en: 'Several of these together', ko: '여럿을 함께' },
} as const satisfies Record<MethodTraits['family'], LocalizedText>;

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
