import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelFamilies } from '../../../contract/modelTypes.ts';
import { virtualTokensOption } from '../virtualTokenOptions.ts';

export const prefixTuningSpec = {
  id: 'prefixTuning',
  name: { en: 'Prefix tuning', ko: '프리픽스 튜닝' },
  summary: {
    en: 'Gives the attention of every block a few learned keys and values to look at.',
    ko: '모든 블록의 어텐션에 학습된 키와 값 몇 개를 더해 줍니다.',
  },
  advice: {
    en: 'Reaches deeper than prompt tuning, because every block has its own prefix. Made for writing tasks with decoders. Training through the small network is steadier; only its result is kept. Use a learning rate such as 1e-3 to 1e-2.',
    ko: '블록마다 접두사가 따로 있어 프롬프트 튜닝보다 깊이 작용합니다. 디코더의 글쓰기 과제를 위해 만들어졌습니다. 작은 신경망을 거치면 학습이 안정되고, 저장할 때는 그 결과만 남습니다. 학습률은 1e-3~1e-2 정도로 두세요.',
  },
  paper: 'https://arxiv.org/abs/2101.00190',
  traits: {
    family: 'virtualTokens',
    base: 'fixed',
    adds: {
      en: 'Learned keys and values',
      ko: '학습한 키와 값',
    },
    where: { en: 'The attention of every block', ko: '모든 블록의 어텐션' },
    inference: 'longer',
    learningRate: 5e-3,
  },
  tasks: allTasks,
  modelTypes: [...modelFamilies.encoder, ...modelFamilies.decoder],
  options: defineOptions({
    virtualTokens: virtualTokensOption,
    projection: {
      type: 'boolean',
      default: false,
      label: { en: 'Train through a network', ko: '신경망을 거쳐 학습' },
      help: {
        en: 'The prefix comes out of a network of two layers while training. Many more weights are trained, but learning is steadier.',
        ko: '학습하는 동안 접두사를 두 층짜리 신경망의 출력으로 만듭니다. 학습할 가중치가 훨씬 늘지만 학습이 안정됩니다.',
      },
    },
    hiddenSize: {
      type: 'integer',
      default: 512,
      minimum: 1,
      maximum: 16384,
      label: { en: 'Width of the network', ko: '신경망 너비' },
      help: {
        en: 'Width of the layer between the two. It does not change the size of the result.',
        ko: '두 층 사이의 너비입니다. 결과물의 크기에는 영향을 주지 않습니다.',
      },
      appliesWhen: { option: 'projection', oneOf: [true] },
      advanced: true,
    },
    zeroStart: {
      type: 'boolean',
      default: false,
      label: { en: 'Start from zeros', ko: '0에서 시작' },
      help: {
        en: 'Keys and values start at zero instead of from a normal distribution.',
        ko: '키와 값을 정규분포 대신 0에서 시작합니다.',
      },
      advanced: true,
    },
  }),
} as const satisfies MethodSpec;
