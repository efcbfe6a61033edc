import type { OptionSpec } from '../../contract/options.ts';

/** How many virtual tokens, as every method with a soft prompt or prefix asks for. */
export const virtualTokensOption = {
  type: 'integer',
  default: 20,
  minimum: 1,
  maximum: 4096,
  label: { en: 'Virtual tokens', ko: '가상 토큰 수' },
  help: {
    en: 'How many learned tokens stand before every text. 10 to 100 are usual; they take that many positions away from the text.',
    ko: '모든 글 앞에 놓이는 학습된 토큰의 수입니다. 보통 10~100개이며, 그만큼 글이 쓸 수 있는 위치가 줄어듭니다.',
  },
} as const satisfies OptionSpec;
