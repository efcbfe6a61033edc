import { defineOptions } from '../../../contract/options.ts';
import { type MethodSpec, allTasks } from '../../../contract/methods.ts';
import { modelTypes } from '../../../contract/modelTypes.ts';
import { virtualTokensOption } from '../virtualTokenOptions.ts';

export const promptTuningSpec = {
  id: 'promptTuning',
  name: { en: 'Prompt tuning', ko: '프롬프트 튜닝' },
  summary: {
    en: 'Puts a few learned tokens before every text and leaves the model as it is.',
    ko: '모든 글 앞에 학습된 토큰 몇 개를 붙이고 모델은 그대로 둡니다.',
  },
  advice: {
    en: 'The smallest result of all: some tens of kilobytes. It comes near full fine-tuning only on models of billions of weights, and learns slowly; start from words of the vocabulary or from a text that describes the task, with a high learning rate such as 3e-2 to 3e-1.',
    ko: '결과물이 가장 작아 수십 킬로바이트입니다. 가중치가 수십억 개인 모델에서야 전체 미세조정에 가까워지고 학습이 느립니다. 어휘의 단어나 과제를 설명하는 글에서 시작하고, 학습률은 3e-2~3e-1처럼 높게 두세요.',
  },
  paper: 'https://arxiv.org/abs/2104.08691',
  traits: {
    family: 'virtualTokens',
    base: 'fixed',
    adds: {
      en: 'Virtual tokens',
      ko: '가상 토큰',
    },
    where: { en: 'Before the text', ko: '글 앞' },
    inference: 'longer',
    learningRate: 3e-2,
  },
  tasks: allTasks,
  modelTypes,
  options: defineOptions({
    virtualTokens: virtualTokensOption,
    init: {
      type: 'choice',
      default: 'vocabulary',
      choices: [
        { value: 'vocabulary', label: { en: 'Words of the vocabulary', ko: '어휘의 단어' } },
        { value: 'text', label: { en: 'A text', ko: '글' } },
        { value: 'random', label: { en: 'Random', ko: '무작위' } },
      ],
      label: { en: 'Initial values', ko: '초깃값' },
      help: {
        en: 'What the virtual tokens are at the start: random words of the vocabulary, the words of a text, or numbers from a normal distribution.',
        ko: '가상 토큰의 시작값입니다. 어휘에서 무작위로 고른 단어, 글의 단어, 또는 정규분포의 수입니다.',
      },
    },
    initText: {
      type: 'text',
      default: '',
      label: { en: 'Initial text', ko: '시작 글' },
      help: {
        en: 'A sentence that describes the task, or the names of the labels. It is repeated or cut to the number of virtual tokens.',
        ko: '과제를 설명하는 문장이나 라벨 이름을 적습니다. 가상 토큰 수에 맞춰 반복하거나 자릅니다.',
      },
      appliesWhen: { option: 'init', oneOf: ['text'] },
    },
  }),
} as const satisfies MethodSpec;
