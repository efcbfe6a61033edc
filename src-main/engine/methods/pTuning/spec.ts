import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';
import { virtualTokensOption } from '../virtualTokenOptions.ts';

export const pTuningSpec = {
  id: 'pTuning',
  name: { en: 'P-tuning', ko: 'P-튜닝' },
  summary: {
    en: 'Puts learned tokens before every text; while training they come out of a small network that ties them together.',
    ko: '모든 글 앞에 학습된 토큰을 붙입니다. 학습하는 동안에는 작은 신경망이 토큰들을 함께 만들어 냅니다.',
  },
  advice: {
    en: 'Like prompt tuning, but steadier, because the tokens are not trained one by one. Made for understanding tasks with GPT-like models. The network is dropped afterwards, so the result is as small. Use a learning rate such as 1e-3.',
    ko: '프롬프트 튜닝과 비슷하지만 토큰을 따로따로 학습하지 않아 더 안정적입니다. GPT 계열 모델로 글을 이해하는 과제를 위해 만들어졌습니다. 학습이 끝나면 신경망은 버리므로 결과물은 똑같이 작습니다. 학습률은 1e-3 정도로 두세요.',
  },
  paper: 'https://arxiv.org/abs/2103.10385',
  traits: {
    family: 'virtualTokens',
    base: 'fixed',
    adds: {
      en: 'Virtual tokens made by a small network',
      ko: '작은 신경망이 만든 가상 토큰',
    },
    where: { en: 'Before the text', ko: '글 앞' },
    inference: 'longer',
    learningRate: 1e-3,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({
    virtualTokens: virtualTokensOption,
    encoder: {
      type: 'choice',
      default: 'mlp',
      choices: [
        { value: 'mlp', label: { en: 'Three layers (MLP)', ko: '세 층(MLP)' } },
        { value: 'lstm', label: { en: 'LSTM in both directions', ko: '양방향 LSTM' } },
      ],
      label: { en: 'Network', ko: '신경망' },
      help: {
        en: 'The network that makes the tokens. The LSTM, which the paper uses, lets neighbours know of each other.',
        ko: '토큰을 만드는 신경망입니다. 논문에서 쓴 LSTM은 이웃한 토큰이 서로를 알게 합니다.',
      },
    },
    hiddenSize: {
      type: 'integer',
      default: 128,
      minimum: 1,
      maximum: 16384,
      label: { en: 'Width of the network', ko: '신경망 너비' },
      help: {
        en: 'Width of its hidden layers. It does not change the size of the result.',
        ko: '은닉층의 너비입니다. 결과물의 크기에는 영향을 주지 않습니다.',
      },
    },
    encoderLayers: {
      type: 'integer',
      default: 2,
      minimum: 1,
      maximum: 8,
      label: { en: 'LSTM layers', ko: 'LSTM 층 수' },
      help: {
        en: 'How many LSTM layers stand one above the other.',
        ko: 'LSTM을 몇 층 쌓을지 정합니다.',
      },
      appliesWhen: { option: 'encoder', oneOf: ['lstm'] },
      advanced: true,
    },
  }),
} as const satisfies MethodSpec;
