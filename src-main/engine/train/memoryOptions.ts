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
  passTokens: {
    type: 'integer',
    default: 1024,
    minimum: 1,
    maximum: 1_000_000_000,
    label: { en: 'Tokens at once', ko: '한 번에 계산할 토큰 수' },
    help: {
      en: 'A batch with more tokens is computed in several parts, with the same result. Fewer tokens need less memory; far fewer are slower.',
      ko: '토큰이 이보다 많은 배치는 나누어 계산하며 결과는 같습니다. 줄이면 메모리가 덜 들지만, 너무 줄이면 느려집니다.',
    },
    advanced: true,
  },
  packing: {
    type: 'choice',
    default: 'automatic',
    choices: [
      { value: 'automatic', label: { en: 'Where it can be done', ko: '가능하면' } },
      { value: 'on', label: { en: 'On', ko: '켬' } },
      { value: 'off', label: { en: 'Off', ko: '끔' } },
    ],
    label: { en: 'Packing', ko: '패킹' },
    help: {
      en: 'Lays the rows of a batch end to end instead of filling them up to one length: nothing is computed for padding. Each row still sees only itself, and the loss is the same.',
      ko: '배치의 행을 같은 길이로 채우는 대신 끝과 끝을 이어 붙여, 채움 토큰을 계산하지 않습니다. 각 행은 여전히 자기 자신만 보며 손실도 같습니다.',
    },
    advanced: true,
  },
  recompute: {
    type: 'choice',
    default: 'automatic',
    choices: [
      { value: 'automatic', label: { en: 'Where memory is short', ko: '메모리가 부족하면' } },
      { value: 'on', label: { en: 'On', ko: '켬' } },
      { value: 'off', label: { en: 'Off', ko: '끔' } },
    ],
    label: { en: 'Recompute blocks', ko: '블록 재계산' },
    help: {
      en: 'Keeps only what goes into each block and computes its inside again for the gradient: far less memory for long texts, about a third more time. The result is the same. By itself that happens where the run would otherwise take more than four fifths of this machine’s memory.',
      ko: '각 블록의 입력만 남기고 기울기를 구할 때 내부를 다시 계산합니다. 긴 글에서 메모리가 크게 줄고 시간은 3분의 1쯤 늘어납니다. 결과는 같습니다. 자동은 그대로 두면 이 컴퓨터 메모리의 5분의 4보다 많이 쓰게 될 때만 켭니다.',
    },
    advanced: true,
  },
});
