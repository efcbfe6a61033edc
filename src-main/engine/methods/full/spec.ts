import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';
import { layerDecayOption } from '../blockDepth.ts';

export const fullSpec = {
  id: 'full',
  name: { en: 'Full fine-tuning', ko: '전체 미세조정' },
  summary: {
    en: 'Trains every weight of the model.',
    ko: '모델의 모든 가중치를 학습합니다.',
  },
  advice: {
    en: 'The most room to learn, and the most memory: about 16 bytes for each weight. Choose it for small models, or when there is a lot of data; use a low learning rate such as 2e-5.',
    ko: '가장 많이 배울 수 있지만 메모리도 가장 많이 듭니다(가중치 하나에 약 16바이트). 모델이 작거나 데이터가 많을 때 고르고, 학습률은 2e-5처럼 낮게 두세요.',
  },
  paper: 'https://arxiv.org/abs/1810.04805',
  traits: {
    family: 'ownWeights',
    base: 'trained',
    adds: {
      en: 'Nothing',
      ko: '없음',
    },
    where: { en: 'Everywhere', ko: '모델 전체' },
    inference: 'none',
    learningRate: 5e-5,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({ layerDecay: layerDecayOption }),
} as const satisfies MethodSpec;
