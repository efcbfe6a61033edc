import { defineOptions } from '../../contract/options.ts';

/** Numbers, memory and chance. */
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
  frozenLayers: {
    type: 'choice',
    default: 'memory',
    choices: [
      { value: 'memory', label: { en: 'Once, kept in memory', ko: '한 번만, 메모리에 보관' } },
      { value: 'file', label: { en: 'Once, kept in a file', ko: '한 번만, 파일에 보관' } },
      { value: 'again', label: { en: 'Again in every epoch', ko: '에폭마다 다시' } },
    ],
    label: { en: 'Layers that are not trained', ko: '학습하지 않는 층' },
    help: {
      en: 'Below the lowest trained layer nothing changes, so its input can be computed once for each row and remembered: much faster from the second epoch on. These layers then run without dropout. "Again" computes them in every epoch, with dropout, as other programs do.',
      ko: '학습하는 가장 낮은 층 아래에서는 아무것도 바뀌지 않으므로, 행마다 한 번만 계산해 두면 두 번째 에폭부터 훨씬 빠릅니다. 이때 그 층에는 드롭아웃을 쓰지 않습니다. "에폭마다 다시"는 다른 프로그램처럼 매번 드롭아웃과 함께 계산합니다.',
    },
    advanced: true,
  },
  frozenLayersMegabytes: {
    type: 'integer',
    default: 1024,
    minimum: 0,
    maximum: 1_000_000_000,
    label: { en: 'Room for it in MB', ko: '보관 용량(MB)' },
    help: {
      en: 'How much of the memory or the file this may take. Rows beyond it are computed in every epoch, with the same results.',
      ko: '메모리나 파일을 얼마까지 쓸지 정합니다. 이를 넘는 행은 에폭마다 다시 계산하며 결과는 같습니다.',
    },
    appliesWhen: { option: 'frozenLayers', oneOf: ['memory', 'file'] },
    advanced: true,
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
