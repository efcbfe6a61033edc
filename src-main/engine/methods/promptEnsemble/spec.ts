import type { MethodSpec } from '../../../contract/methods.ts';
import { modelFamilies } from '../../../contract/modelTypes.ts';
import { defineOptions } from '../../../contract/options.ts';
import { virtualTokensOption } from '../virtualTokenOptions.ts';

/** Defaults: five prompts and a vote, as in the paper. */
const promptEnsembleOptions = defineOptions({
  members: {
    type: 'integer',
    default: 5,
    minimum: 2,
    maximum: 64,
    label: { en: 'Prompts', ko: '프롬프트 수' },
    help: {
      en: 'How many prompts are trained side by side. Every text is computed once with each of them.',
      ko: '나란히 학습하는 프롬프트의 수입니다. 글마다 프롬프트 수만큼 계산합니다.',
    },
  },
  choose: {
    type: 'choice',
    default: 'vote',
    choices: [
      { value: 'vote', label: { en: 'Majority vote', ko: '다수결' } },
      { value: 'mean', label: { en: 'Mean probability', ko: '확률 평균' } },
    ],
    label: { en: 'Common answer', ko: '답을 정하는 방법' },
    help: {
      en: 'How the prompts’ answers become one. Where votes are equal, the mean probability decides.',
      ko: '여러 프롬프트의 답을 하나로 모으는 방법입니다. 표가 같으면 확률 평균으로 정합니다.',
    },
  },
  virtualTokens: virtualTokensOption,
  init: {
    type: 'choice',
    default: 'vocabulary',
    choices: [
      { value: 'vocabulary', label: { en: 'Words of the vocabulary', ko: '어휘의 단어' } },
      { value: 'random', label: { en: 'Random numbers', ko: '무작위 수' } },
    ],
    label: { en: 'Initial values', ko: '초깃값' },
    help: {
      en: 'What the virtual tokens start from; other words or numbers for each prompt.',
      ko: '가상 토큰의 시작값입니다. 프롬프트마다 다른 단어나 수를 씁니다.',
    },
    advanced: true,
  },
});

export const promptEnsembleSpec = {
  id: 'promptEnsemble',
  name: { en: 'Prompt ensemble', ko: '프롬프트 앙상블' },
  summary: {
    en: 'Trains several soft prompts on one frozen model, which then decide together.',
    ko: '고정된 모델 하나에 여러 소프트 프롬프트를 학습하고 함께 답을 정하게 합니다.',
  },
  advice: {
    en: 'Like prompt tuning, but less a matter of luck: a vote of several prompts is usually better than the best of them, and costs kilobytes instead of further models. Training and answering take as many times as long as there are prompts.',
    ko: '프롬프트 튜닝과 같지만 운에 덜 좌우됩니다. 여러 프롬프트의 다수결은 대개 가장 좋은 프롬프트 하나보다 낫고, 모델을 더 두는 대신 몇 킬로바이트만 듭니다. 학습과 예측 시간은 프롬프트 수만큼 늘어납니다.',
  },
  paper: 'https://arxiv.org/abs/2104.08691',
  traits: {
    family: 'virtualTokens',
    base: 'fixed',
    adds: { en: 'Several sets of virtual tokens', ko: '여러 벌의 가상 토큰' },
    where: { en: 'Before the text', ko: '글 앞' },
    inference: 'longer',
    learningRate: 3e-2,
  },
  tasks: ['classification'],
  modelTypes: [...modelFamilies.encoder, ...modelFamilies.decoder],
  options: promptEnsembleOptions,
} as const satisfies MethodSpec;
