import type { OptionSpec } from '../../../contract/options.ts';

/** Width of a bottleneck, as both adapters ask for it. */
export const reductionFactorOption = {
  type: 'number',
  default: 16,
  minimum: 1,
  maximum: 4096,
  label: { en: 'Reduction factor', ko: '축소 비율' },
  help: {
    en: 'The bottleneck is the model’s width divided by this. Smaller factors learn more and make larger adapters.',
    ko: '병목의 너비는 모델 너비를 이 수로 나눈 값입니다. 작을수록 더 많이 배우고 어댑터가 커집니다.',
  },
} as const satisfies OptionSpec;

export const activationChoices = [
  { value: 'swish', label: { en: 'Swish (SiLU)', ko: 'Swish(SiLU)' } },
  { value: 'relu', label: { en: 'ReLU', ko: 'ReLU' } },
  { value: 'gelu', label: { en: 'GELU', ko: 'GELU' } },
] as const;

export const activationTexts = {
  label: { en: 'Activation', ko: '활성화 함수' },
  help: {
    en: 'The curve between the two layers of an adapter.',
    ko: '어댑터의 두 층 사이에 놓이는 함수입니다.',
  },
  advanced: true,
} as const;

export const exactStartOption = {
  type: 'boolean',
  default: false,
  label: { en: 'Start exactly at the base model', ko: '정확히 기본 모델에서 시작' },
  help: {
    en: 'The second layer starts at zero instead of at small random values, so that nothing changes before the first step.',
    ko: '둘째 층을 작은 무작위 값 대신 0에서 시작해, 첫걸음 전에는 아무것도 바뀌지 않습니다.',
  },
  advanced: true,
} as const satisfies OptionSpec;
