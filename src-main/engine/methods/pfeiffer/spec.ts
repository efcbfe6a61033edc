import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';
import {
  activationChoices,
  activationTexts,
  exactStartOption,
  reductionFactorOption,
} from '../bottleneck/options.ts';

export const pfeifferSpec = {
  id: 'pfeiffer',
  name: { en: 'Pfeiffer adapters', ko: 'Pfeiffer 어댑터' },
  summary: {
    en: 'Puts one small network into every block, behind the feed-forward part.',
    ko: '블록마다 피드포워드 뒤에 작은 신경망을 하나 넣습니다.',
  },
  advice: {
    en: 'Half of Houlsby’s adapters for nearly the same quality: the usual choice among adapters of this kind, and the one most published adapters have. They cannot be merged. Use a learning rate such as 1e-4.',
    ko: 'Houlsby 어댑터의 절반으로 거의 같은 품질을 냅니다. 이런 어댑터 중 가장 널리 쓰이고, 공개된 어댑터도 대부분 이 형태입니다. 합칠 수는 없습니다. 학습률은 1e-4 정도로 두세요.',
  },
  paper: 'https://arxiv.org/abs/2005.00247',
  traits: {
    family: 'networks',
    base: 'fixed',
    adds: {
      en: 'One small network with a bottleneck',
      ko: '병목이 있는 작은 신경망 하나',
    },
    where: { en: 'Behind the feed-forward part of every block', ko: '모든 블록의 피드포워드 뒤' },
    inference: 'slower',
    learningRate: 3e-4,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({
    reductionFactor: reductionFactorOption,
    activation: { type: 'choice', default: 'relu', choices: activationChoices, ...activationTexts },
    exactStart: exactStartOption,
  }),
} as const satisfies MethodSpec;
