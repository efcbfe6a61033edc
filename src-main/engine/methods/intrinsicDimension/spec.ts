import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';

export const intrinsicDimensionSpec = {
  id: 'intrinsicDimension',
  name: { en: 'Intrinsic dimension (SAID)', ko: '내재 차원(SAID)' },
  summary: {
    en: 'Trains a handful of numbers; a fixed random projection spreads them over every weight of the model.',
    ko: '숫자 몇 개만 학습하고, 고정된 무작위 사영으로 모델의 모든 가중치에 퍼뜨립니다.',
  },
  advice: {
    en: 'A measurement rather than a tool: how few numbers suffice to learn a task tells how hard it is for this model. Every step costs what full fine-tuning costs, and more. Use a high learning rate such as 1e-2 to 3e-2; the d90 study tries several sizes.',
    ko: '실용 도구라기보다 측정 방법입니다. 과제를 배우는 데 숫자 몇 개면 충분한지를 보면 이 모델에 과제가 얼마나 어려운지 알 수 있습니다. 단계마다 전체 미세조정보다 비용이 더 듭니다. 학습률은 1e-2~3e-2처럼 높게 두세요. d90 측정은 여러 크기를 차례로 시도합니다.',
  },
  paper: 'https://arxiv.org/abs/2012.13255',
  traits: {
    family: 'weightChanges',
    base: 'trained',
    adds: {
      en: 'A vector that a fixed random projection spreads over all weights',
      ko: '고정된 무작위 사영으로 모든 가중치에 퍼지는 벡터',
    },
    where: { en: 'Everywhere', ko: '모델 전체' },
    inference: 'none',
    learningRate: 1e-2,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({
    dimension: {
      type: 'integer',
      default: 5000,
      minimum: 1,
      maximum: 100_000_000,
      label: { en: 'Dimension d', ko: '차원 d' },
      help: {
        en: 'How many numbers are trained in all.',
        ko: '모두 몇 개의 숫자를 학습할지 정합니다.',
      },
    },
    form: {
      type: 'choice',
      default: 'said',
      choices: [
        { value: 'said', label: { en: 'SAID: with a scale per tensor', ko: 'SAID: 텐서마다 배율 하나' } },
        { value: 'did', label: { en: 'DID: the projection alone', ko: 'DID: 사영만' } },
      ],
      label: { en: 'Form', ko: '방식' },
      help: {
        en: 'SAID spends one number of d on each weight tensor, to learn how much that one may change; it usually needs a smaller d.',
        ko: 'SAID는 d 가운데 하나씩을 가중치 텐서마다 써서 그 텐서가 얼마나 바뀔지 배웁니다. 보통 더 작은 d로 충분합니다.',
      },
    },
  }),
} as const satisfies MethodSpec;
