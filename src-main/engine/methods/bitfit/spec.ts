import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';

export const bitfitSpec = {
  id: 'bitfit',
  name: { en: 'BitFit', ko: 'BitFit' },
  summary: {
    en: 'Trains only the bias of every layer, and the task head.',
    ko: '모든 층의 편향(bias)과 과제 헤드만 학습합니다.',
  },
  advice: {
    en: 'About a thousandth of the weights is trained, which suits small and medium datasets and BERT-like models. Use a high learning rate such as 1e-3. Models without biases, such as Llama, cannot use it.',
    ko: '가중치의 약 천분의 일만 학습하므로 데이터가 적거나 보통일 때, 그리고 BERT 계열 모델에 알맞습니다. 학습률은 1e-3처럼 높게 두세요. Llama처럼 편향이 없는 모델에는 쓸 수 없습니다.',
  },
  paper: 'https://arxiv.org/abs/2106.10199',
  traits: {
    family: 'ownWeights',
    base: 'partlyTrained',
    adds: {
      en: 'Nothing',
      ko: '없음',
    },
    where: { en: 'Biases of all layers', ko: '모든 층의 편향' },
    inference: 'none',
    learningRate: 1e-3,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({}),
} as const satisfies MethodSpec;
