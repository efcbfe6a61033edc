import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';

export const ia3Options = defineOptions({
  targets: {
    type: 'list',
    default: [],
    suggest: 'linearNames',
    label: { en: 'Target layers', ko: '대상 층' },
    help: {
      en: 'Linear layers that are rescaled: names such as key, "all-linear", or one regular expression for whole layer paths. Empty: keys, values and the second feed-forward layer.',
      ko: '크기를 조절할 선형 층입니다. key 같은 이름, "all-linear", 또는 층 경로 전체와 맞는 정규식 하나를 쓸 수 있습니다. 비우면 키, 값, 그리고 피드포워드의 둘째 층입니다.',
    },
  },
  feedForward: {
    type: 'list',
    default: [],
    suggest: 'linearNames',
    label: { en: 'Layers rescaled at their input', ko: '입력을 조절할 층' },
    help: {
      en: 'Those among the target layers whose input is rescaled rather than their output. Empty: the second feed-forward layer.',
      ko: '대상 층 가운데 출력 대신 입력의 크기를 조절할 층입니다. 비우면 피드포워드의 둘째 층입니다.',
    },
    advanced: true,
  },
  exclude: {
    type: 'list',
    default: [],
    suggest: 'linearNames',
    label: { en: 'Excluded layers', ko: '제외할 층' },
    help: {
      en: 'Layers that stay as they are although a target matches them; names or one regular expression.',
      ko: '대상에 맞더라도 그대로 둘 층입니다. 이름이나 정규식 하나를 씁니다.',
    },
    advanced: true,
  },
});

export const ia3Spec = {
  id: 'ia3',
  name: { en: '(IA)³', ko: '(IA)³' },
  summary: {
    en: 'Multiplies keys, values and the inner feed-forward values of every block by learned numbers.',
    ko: '각 블록의 키, 값, 피드포워드 내부 값에 학습한 수를 곱합니다.',
  },
  advice: {
    en: 'Ten times fewer trained numbers than LoRA, and a result of a few kilobytes. Made for learning from few examples; with much data LoRA reaches further. Use a high learning rate such as 3e-3.',
    ko: '학습하는 수가 LoRA의 10분의 1이고 결과물은 몇 킬로바이트입니다. 적은 예시로 배울 때 알맞고, 데이터가 많으면 LoRA가 더 낫습니다. 학습률은 3e-3처럼 높게 두세요.',
  },
  paper: 'https://arxiv.org/abs/2205.05638',
  traits: {
    family: 'weightChanges',
    base: 'fixed',
    adds: {
      en: 'Vectors that rescale',
      ko: '크기를 바꾸는 벡터',
    },
    where: {
      en: 'Keys, values and the feed-forward part of every block',
      ko: '모든 블록의 키, 값, 피드포워드',
    },
    inference: 'noneOnceMerged',
    learningRate: 3e-3,
  },
  tasks: allTasks,
  modelTypes,
  options: ia3Options,
} as const satisfies MethodSpec;
