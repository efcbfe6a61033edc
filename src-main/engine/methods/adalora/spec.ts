import type { MethodSpec } from '../../../contract/methods.ts';
import { defineOptions } from '../../../contract/options.ts';
import { loraSpec } from '../lora/spec.ts';

const { alpha, dropout, targets, bias, layers, exclude, modulesToSave } = loraSpec.options;

/** Defaults: ranks, decays and weight of PEFT's AdaLoraConfig; shares and rhythm near the paper's CoLA run. */
export const adaloraOptions = defineOptions({
  targetRank: {
    type: 'integer',
    default: 8,
    minimum: 1,
    maximum: 4096,
    label: { en: 'Average rank at the end', ko: '마지막 평균 랭크' },
    help: {
      en: 'How many directions a layer keeps on average. Important layers end with more, others with fewer or none.',
      ko: '층마다 평균적으로 남는 방향의 수입니다. 중요한 층에는 더 많이, 다른 층에는 더 적게 또는 하나도 남지 않습니다.',
    },
  },
  initialRank: {
    type: 'integer',
    default: 12,
    minimum: 1,
    maximum: 4096,
    label: { en: 'Rank at the start', ko: '처음 랭크' },
    help: {
      en: 'Directions every layer begins with, from which the best are kept. About one and a half times the final rank.',
      ko: '모든 층이 처음에 갖는 방향의 수로, 이 중에서 가장 좋은 것이 남습니다. 마지막 랭크의 1.5배쯤이 알맞습니다.',
    },
  },
  alpha,
  dropout,
  targets,
  initialShare: {
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
    label: { en: 'Share before pruning', ko: '줄이기 전 구간' },
    help: {
      en: 'Share of the training during which nothing is pruned yet.',
      ko: '전체 학습 중 아직 아무것도 줄이지 않는 앞부분의 비율입니다.',
    },
    advanced: true,
  },
  finalShare: {
    type: 'number',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    label: { en: 'Share after pruning', ko: '줄인 뒤 구간' },
    help: {
      en: 'Share of the training that is left for what was kept, with the choice fixed.',
      ko: '선택이 정해진 뒤 남은 방향만 학습하는 뒷부분의 비율입니다.',
    },
    advanced: true,
  },
  everySteps: {
    type: 'integer',
    default: 10,
    minimum: 1,
    maximum: 100_000,
    label: { en: 'Steps between prunings', ko: '줄이는 간격(단계)' },
    help: {
      en: 'The least important directions are set to zero every so many steps; in between they can recover.',
      ko: '이만큼의 단계마다 가장 덜 중요한 방향을 0으로 만듭니다. 그 사이에는 다시 살아날 수 있습니다.',
    },
    advanced: true,
  },
  orthogonality: {
    type: 'number',
    default: 0.5,
    minimum: 0,
    maximum: 100,
    label: { en: 'Weight of orthogonality', ko: '직교성 가중치' },
    help: {
      en: 'How strongly the directions of a layer are kept apart from each other. The paper’s runs use 0.1.',
      ko: '한 층의 방향들이 서로 겹치지 않게 하는 세기입니다. 논문의 실험에서는 0.1을 썼습니다.',
    },
    advanced: true,
  },
  sensitivityDecay: {
    type: 'number',
    default: 0.85,
    above: 0,
    maximum: 0.9999,
    label: { en: 'Memory of importance', ko: '중요도의 기억' },
    help: {
      en: 'How much of the importance measured before each step is kept in its running mean.',
      ko: '단계마다 중요도의 이동 평균에 이전 값을 얼마나 남길지 정합니다.',
    },
    advanced: true,
  },
  uncertaintyDecay: {
    type: 'number',
    default: 0.85,
    above: 0,
    maximum: 0.9999,
    label: { en: 'Memory of its uncertainty', ko: '중요도 변동의 기억' },
    help: {
      en: 'The same for how much the importance varies.',
      ko: '중요도가 흔들리는 정도에 대해 같은 값을 정합니다.',
    },
    advanced: true,
  },
  bias,
  layers,
  exclude,
  modulesToSave,
});

export const adaloraSpec = {
  id: 'adalora',
  name: { en: 'AdaLoRA', ko: 'AdaLoRA' },
  summary: {
    en: 'LoRA that finds out in training which layers need a higher rank, and prunes the others.',
    ko: '학습하면서 어느 층에 랭크가 더 필요한지 알아내고 나머지는 줄이는 LoRA입니다.',
  },
  advice: {
    en: 'When an adapter of a given size should be as good as possible. Target all layers, so that there is something to choose from, and train long enough: a few hundred steps at least. Slower than LoRA; the same learning rates.',
    ko: '정해진 크기의 어댑터를 되도록 좋게 만들 때 씁니다. 고를 것이 있도록 모든 층을 대상으로 하고, 적어도 수백 단계는 학습하세요. LoRA보다 느리고 학습률은 같습니다.',
  },
  paper: 'https://arxiv.org/abs/2303.10512',
  traits: {
    family: 'weightChanges',
    base: 'fixed',
    adds: {
      en: 'Matrices P, Λ and Q, whose rank shrinks to what each layer needs',
      ko: '층마다 필요한 만큼 랭크가 줄어드는 행렬 P, Λ, Q',
    },
    where: { en: 'Beside chosen linear layers', ko: '고른 선형 층 옆' },
    inference: 'noneOnceMerged',
    learningRate: 1e-3,
  },
  tasks: loraSpec.tasks,
  modelTypes: loraSpec.modelTypes,
  options: adaloraOptions,
} as const satisfies MethodSpec;
