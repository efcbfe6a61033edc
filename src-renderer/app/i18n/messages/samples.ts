import type { Messages } from '../message.ts';

/** What a model makes of a few rows while it learns. */
export const sampleMessages = {
  'samples.title': { en: 'Samples', ko: '샘플' },
  'samples.leadHeldOut': {
    en: 'The same rows, held out of training, asked again and again: what the model makes of them as it learns.',
    ko: '학습에 쓰지 않은 같은 행들을 거듭 물어, 배우는 동안 모델의 답이 어떻게 바뀌는지 보여 줍니다.',
  },
  'samples.leadTraining': {
    en: 'The same rows asked again and again: what the model makes of them as it learns. No rows are held out, so these are of the ones it learns from.',
    ko: '같은 행들을 거듭 물어, 배우는 동안 모델의 답이 어떻게 바뀌는지 보여 줍니다. 따로 빼 둔 행이 없어 학습하는 행 가운데서 골랐습니다.',
  },
  'samples.howWritten': {
    en: 'Answers are written with the likeliest token each time, {count} at most.',
    ko: '답은 매번 가장 그럴듯한 토큰으로, 많아야 {count}개까지 씁니다.',
  },
  'samples.waiting': {
    en: 'The first samples come as soon as training begins.',
    ko: '학습이 시작되면 곧 첫 샘플이 나옵니다.',
  },
  'samples.step': { en: 'Sampled step', ko: '샘플 단계' },
  'samples.atStep': { en: 'Step {step}', ko: '{step}단계' },
  'samples.beforeTraining': { en: 'Before training', ko: '학습 전' },
  'samples.previous': { en: 'Previous sampled step', ko: '이전 샘플 단계' },
  'samples.next': { en: 'Next sampled step', ko: '다음 샘플 단계' },
  'samples.newest': { en: 'Follow the newest', ko: '최신 단계 따라가기' },
  'samples.expected': { en: 'Expected', ko: '정답' },
  'samples.answer': { en: 'Model', ko: '모델' },
  'samples.others': { en: 'Next best', ko: '다음 후보' },
  'samples.before': { en: 'Before', ko: '직전 답' },
  'samples.right': { en: 'Right', ko: '맞음' },
  'samples.wrong': { en: 'Wrong', ko: '틀림' },
  'samples.changed': { en: 'Changed', ko: '바뀜' },
  'samples.nothing': { en: '(nothing)', ko: '(없음)' },
  'samples.more': { en: 'Show all of it', ko: '모두 보기' },
  'samples.less': { en: 'Show less', ko: '줄여 보기' },
  'samples.tally': { en: '{right} of {count} right', ko: '{count}개 중 {right}개 맞음' },
} as const satisfies Messages;
