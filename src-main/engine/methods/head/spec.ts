import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, tasksWithNewHead } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';

export const headSpec = {
  id: 'head',
  name: { en: 'Linear probing', ko: '선형 탐침' },
  summary: {
    en: 'Trains only the classification head and leaves the rest of the model as it is.',
    ko: '분류 헤드만 학습하고 모델의 나머지는 그대로 둡니다.',
  },
  advice: {
    en: 'The fastest way and the least memory. Good as a first measurement, and when the model already describes your texts well, as sentence-embedding models do.',
    ko: '가장 빠르고 메모리도 가장 적게 씁니다. 처음 성능을 가늠할 때, 또는 문장 임베딩 모델처럼 모델이 이미 텍스트를 잘 표현할 때 좋습니다.',
  },
  paper: 'https://arxiv.org/abs/1610.01644',
  traits: {
    family: 'ownWeights',
    base: 'fixed',
    adds: {
      en: 'Nothing but the head',
      ko: '헤드뿐',
    },
    where: { en: 'Behind the last block', ko: '마지막 블록 뒤' },
    inference: 'none',
    learningRate: 5e-3,
  },
  tasks: tasksWithNewHead,
  modelTypes,
  options: defineOptions({}),
} as const satisfies MethodSpec;
