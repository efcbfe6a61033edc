import { defineOptions } from '../../contract/options.ts';
import { maximumLengthOption } from './commonOptions.ts';

export const sentenceEmbeddingOptions = defineOptions({
  maximumLength: maximumLengthOption(128),
  pooling: {
    type: 'choice',
    default: 'automatic',
    choices: [
      { value: 'automatic', label: { en: 'Automatic', ko: '자동' } },
      { value: 'mean', label: { en: 'Mean of all tokens', ko: '모든 토큰의 평균' } },
      { value: 'first', label: { en: 'First token', ko: '첫 토큰' } },
      { value: 'last', label: { en: 'Last token', ko: '마지막 토큰' } },
    ],
    label: { en: 'Pooling', ko: '풀링' },
    help: {
      en: 'How the tokens of a text become one vector. Automatic takes the mean, and the last token for models that read from left to right.',
      ko: '글의 토큰들을 벡터 하나로 만드는 방법입니다. 자동은 평균을 쓰고, 왼쪽부터 읽는 모델에서는 마지막 토큰을 씁니다.',
    },
  },
  loss: {
    type: 'choice',
    default: 'automatic',
    choices: [
      { value: 'automatic', label: { en: 'Automatic', ko: '자동' } },
      { value: 'pairs', label: { en: 'Pairs that belong together', ko: '서로 맞는 짝' } },
      { value: 'scores', label: { en: 'Scores of similarity', ko: '유사도 점수' } },
    ],
    label: { en: 'What is learned from', ko: '무엇으로 배우는지' },
    help: {
      en: 'Pairs: each text has to find its partner among all partners of its batch, so larger batches teach more. Scores: the cosine of each pair has to equal its score. Automatic takes scores where every row has a number as its label.',
      ko: '짝: 글마다 배치 안의 모든 짝 가운데 제 짝을 찾아야 하므로, 배치가 클수록 많이 배웁니다. 점수: 짝의 코사인이 점수와 같아지게 합니다. 자동은 모든 행의 라벨이 수이면 점수를 씁니다.',
    },
    advanced: true,
  },
  temperature: {
    type: 'number',
    default: 0.05,
    above: 0,
    maximum: 1,
    scale: 'log',
    appliesWhen: { option: 'loss', oneOf: ['automatic', 'pairs'] },
    label: { en: 'Temperature', ko: '온도' },
    help: {
      en: 'Similarities are divided by it before they compete: the smaller, the more the hardest wrong partner counts.',
      ko: '유사도를 겨루기 전에 이 수로 나눕니다. 작을수록 가장 헷갈리는 짝이 더 크게 셉니다.',
    },
    advanced: true,
  },
  symmetric: {
    type: 'boolean',
    default: false,
    appliesWhen: { option: 'loss', oneOf: ['automatic', 'pairs'] },
    label: { en: 'In both directions', ko: '양방향' },
    help: {
      en: 'Each second text has to find its first one as well.',
      ko: '두 번째 글도 제 첫 번째 글을 찾게 합니다.',
    },
    advanced: true,
  },
  scoreMaximum: {
    type: 'number',
    default: 1,
    above: 0,
    appliesWhen: { option: 'loss', oneOf: ['automatic', 'scores'] },
    label: { en: 'Highest score', ko: '가장 높은 점수' },
    help: {
      en: 'The score of two texts that mean the same, which becomes a cosine of 1: 5 for STS data.',
      ko: '뜻이 같은 두 글의 점수로, 코사인 1이 됩니다. STS 데이터에서는 5입니다.',
    },
    advanced: true,
  },
});
