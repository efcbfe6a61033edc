import { defineOptions } from '../../contract/options.ts';

/** Numbers, chance and memory. */
export const precisionOptions = defineOptions({
  precision: {
    type: 'choice',
    default: 'float32',
    choices: [
      { value: 'float32', label: { en: '32 bits', ko: '32비트' } },
      { value: 'bfloat16', label: { en: '16 bits (bfloat16)', ko: '16비트(bfloat16)' } },
    ],
    label: { en: 'Precision', ko: '정밀도' },
    help: {
      en: 'Number format of the weights that are not trained. 16 bits halves their memory and is faster on recent processors, at a little accuracy; trained weights always keep 32 bits.',
      ko: '학습하지 않는 가중치의 숫자 형식입니다. 16비트는 메모리를 절반으로 줄이고 최신 프로세서에서 더 빠르지만 정확도가 조금 낮아질 수 있습니다. 학습하는 가중치는 늘 32비트입니다.',
    },
  },
  seed: {
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: 2_147_483_647,
    label: { en: 'Seed', ko: '시드' },
    help: {
      en: 'Decides everything random: initial values, order of rows, dropout. The same seed on the same machine gives the same result.',
      ko: '초깃값, 행 순서, 드롭아웃 등 모든 무작위를 정합니다. 같은 컴퓨터에서 같은 시드는 같은 결과를 냅니다.',
    },
    advanced: true,
  },
});
