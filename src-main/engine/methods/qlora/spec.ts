import { defineOptions } from '../../../contract/options.ts';
import { loraSpec } from '../lora/spec.ts';
import type { MethodSpec } from '../../../contract/methods.ts';

/** Defaults: every linear layer, as the paper found necessary; rank and dropout for models of up to a few billion weights. */
const qloraOptions = defineOptions({
  ...loraSpec.options,
  rank: { ...loraSpec.options.rank, default: 16 },
  dropout: { ...loraSpec.options.dropout, default: 0.05 },
  targets: { ...loraSpec.options.targets, default: ['all-linear'] },
});

export const qloraSpec = {
  id: 'qlora',
  name: { en: 'QLoRA', ko: 'QLoRA' },
  summary: {
    en: 'LoRA on a model held in 4 bits: the frozen weights take an eighth of their memory.',
    ko: '모델을 4비트로 담아 두고 LoRA로 학습합니다. 고정된 가중치의 메모리가 8분의 1로 줄어듭니다.',
  },
  advice: {
    en: 'For models that do not fit otherwise: seven billion weights in under 8 GB. Slower than LoRA, because the weights are unpacked each time they are used. Together with 16-bit precision and recomputed blocks it needs the least memory of all methods.',
    ko: '그대로는 메모리에 들어가지 않는 모델에 씁니다. 70억 개 가중치도 8GB 안에 들어갑니다. 쓸 때마다 가중치를 풀어야 하므로 LoRA보다 느립니다. 16비트 정밀도와 블록 재계산을 함께 쓰면 모든 방법 중 메모리를 가장 적게 씁니다.',
  },
  paper: 'https://arxiv.org/abs/2305.14314',
  traits: {
    family: 'weightChanges',
    base: 'fixed',
    adds: {
      en: 'Two narrow matrices beside weights held in 4 bits',
      ko: '4비트로 둔 가중치 옆의 좁은 행렬 두 개',
    },
    where: { en: 'Beside chosen linear layers', ko: '고른 선형 층 옆' },
    inference: 'noneOnceMerged',
    learningRate: 2e-4,
  },
  tasks: loraSpec.tasks,
  modelTypes: loraSpec.modelTypes,
  options: qloraOptions,
} as const satisfies MethodSpec;
