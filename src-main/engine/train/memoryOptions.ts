import { defineOptions } from '../../contract/options.ts';

/** What saves memory at the cost of time. */
export const memoryOptions = defineOptions({
  quantization: {
    type: 'choice',
    default: 'none',
    choices: [
      { value: 'none', label: { en: 'None', ko: '안 함' } },
      { value: 'nf4', label: { en: '4 bits (NF4)', ko: '4비트(NF4)' } },
    ],
    label: { en: 'Quantise frozen weights', ko: '고정 가중치 양자화' },
    help: {
      en: 'Holds the weights that are not trained in 4 bits each: an eighth of the memory, slower, and a little less exact. Only for methods whose result is an adapter; QLoRA always does it.',
      ko: '학습하지 않는 가중치를 4비트로 담습니다. 메모리가 8분의 1로 줄지만 느려지고 정확도가 조금 떨어집니다. 결과가 어댑터인 방법에만 쓸 수 있고, QLoRA는 늘 이렇게 합니다.',
    },
    advanced: true,
  },
  recompute: {
    type: 'boolean',
    default: false,
    label: { en: 'Recompute blocks', ko: '블록 재계산' },
    help: {
      en: 'Keeps only what goes into each block and computes its inside again for the gradient: far less memory for long texts, about a third more time. The result is the same.',
      ko: '각 블록의 입력만 남기고 기울기를 구할 때 내부를 다시 계산합니다. 긴 글에서 메모리가 크게 줄고 시간은 3분의 1쯤 늘어납니다. 결과는 같습니다.',
    },
    advanced: true,
  },
});
