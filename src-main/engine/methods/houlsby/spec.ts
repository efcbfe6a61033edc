import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';
import {
  activationChoices,
  activationTexts,
  exactStartOption,
  reductionFactorOption,
} from '../bottleneck/options.ts';

export const houlsbySpec = {
  id: 'houlsby',
  name: { en: 'Houlsby adapters', ko: 'Houlsby 어댑터' },
  summary: {
    en: 'Puts two small networks into every block, behind the attention and behind the feed-forward part.',
    ko: '블록마다 어텐션 뒤와 피드포워드 뒤에 작은 신경망을 하나씩, 모두 두 개 넣습니다.',
  },
  advice: {
    en: 'The first adapters, and still strong on understanding tasks with BERT-like models: within half a point of full fine-tuning with a few percent of its weights. They make the model a little slower and cannot be merged. Use a learning rate such as 1e-4 to 3e-4.',
    ko: '최초의 어댑터로, BERT 계열 모델의 이해 과제에서 여전히 강합니다. 가중치의 몇 퍼센트만 학습해 전체 미세조정에 거의 맞먹습니다. 모델이 조금 느려지고 합칠 수는 없습니다. 학습률은 1e-4~3e-4 정도로 두세요.',
  },
  paper: 'https://arxiv.org/abs/1902.00751',
  traits: {
    family: 'networks',
    base: 'fixed',
    adds: {
      en: 'Two small networks with a bottleneck',
      ko: '병목이 있는 작은 신경망 두 개',
    },
    where: {
      en: 'Behind attention and feed-forward part of every block',
      ko: '모든 블록의 어텐션 뒤와 피드포워드 뒤',
    },
    inference: 'slower',
    learningRate: 3e-4,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({
    reductionFactor: reductionFactorOption,
    activation: { type: 'choice', default: 'swish', choices: activationChoices, ...activationTexts },
    exactStart: exactStartOption,
  }),
} as const satisfies MethodSpec;
