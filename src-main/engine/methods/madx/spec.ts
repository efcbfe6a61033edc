import { defineOptions } from '../../../contract/options.ts';
import type { MethodSpec } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';
import {
  activationChoices,
  activationTexts,
  exactStartOption,
  reductionFactorOption,
} from '../bottleneck/options.ts';

export const madxSpec = {
  id: 'madx',
  name: { en: 'Language adapter (MAD-X)', ko: '언어 어댑터(MAD-X)' },
  summary: {
    en: 'Teaches a model a language or a field from raw texts: a small network in every block, and an invertible one at the embeddings.',
    ko: '원문 텍스트로 모델에 언어나 분야를 가르칩니다. 블록마다 작은 신경망을 하나씩, 임베딩에는 역변환이 가능한 신경망을 둡니다.',
  },
  advice: {
    en: 'The first half of MAD-X. Train a language adapter on texts of each language; then train a task with Pfeiffer adapters on top of one of them, and use that task with another language’s adapter in its place. Learning rate 1e-4, many steps.',
    ko: 'MAD-X의 첫 단계입니다. 언어마다 그 언어의 글로 언어 어댑터를 학습한 뒤, 그중 하나 위에 Pfeiffer 어댑터로 과제를 학습하고, 쓸 때는 다른 언어의 어댑터로 바꿔 끼웁니다. 학습률은 1e-4, 단계는 넉넉히 두세요.',
  },
  paper: 'https://arxiv.org/abs/2005.00052',
  traits: {
    family: 'networks',
    base: 'fixed',
    adds: {
      en: 'A small network with a bottleneck in every block, an invertible one at the embeddings',
      ko: '블록마다 병목이 있는 작은 신경망 하나, 임베딩에 역변환 신경망 하나',
    },
    where: {
      en: 'Behind the feed-forward part of every block, behind the embeddings and before the vocabulary',
      ko: '모든 블록의 피드포워드 뒤, 임베딩 뒤와 어휘 출력 앞',
    },
    inference: 'slower',
    learningRate: 1e-4,
  },
  tasks: ['maskedLm', 'causalLm'],
  modelTypes,
  options: defineOptions({
    reductionFactor: { ...reductionFactorOption, default: 2 },
    invertibleReductionFactor: {
      ...reductionFactorOption,
      default: 2,
      label: { en: 'Reduction factor at the embeddings', ko: '임베딩의 축소 비율' },
      help: {
        en: 'The bottleneck of the invertible adapter is half the model’s width divided by this.',
        ko: '역변환 어댑터의 병목 너비는 모델 너비의 절반을 이 수로 나눈 값입니다.',
      },
      advanced: true,
    },
    activation: { type: 'choice', default: 'relu', choices: activationChoices, ...activationTexts },
    exactStart: exactStartOption,
  }),
} as const satisfies MethodSpec;
