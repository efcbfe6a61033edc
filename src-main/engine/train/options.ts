import { type OptionValues, defineOptions } from '../../contract/options.ts';
import { memoryOptions } from './memoryOptions.ts';
import { precisionOptions } from './precisionOptions.ts';
import { rhythmOptions } from './rhythmOptions.ts';
import { sampleOptions } from './sampleOptions.ts';

/** Settings that every method shares. */
export const trainingOptions = defineOptions({
  learningRate: {
    type: 'number',
    default: 2e-4,
    above: 0,
    maximum: 10,
    scale: 'log',
    label: { en: 'Learning rate', ko: '학습률' },
    help: {
      en: 'How far each step moves the weights. Too high and the loss jumps or becomes NaN; too low and nothing is learned. LoRA usually likes 1e-4 to 2e-3, full fine-tuning 1e-5 to 2e-4.',
      ko: '한 단계에 가중치를 얼마나 움직일지 정합니다. 너무 크면 손실이 튀거나 NaN이 되고, 너무 작으면 배우지 못합니다. LoRA는 보통 1e-4–2e-3, 전체 미세조정은 1e-5–2e-4가 알맞습니다.',
    },
  },
  epochs: {
    type: 'number',
    default: 3,
    above: 0,
    maximum: 1000,
    label: { en: 'Epochs', ko: '에폭' },
    help: {
      en: 'How many times the model sees every training row. Time grows with it; too many and it learns the rows by heart.',
      ko: '학습 데이터 전체를 몇 번 볼지 정합니다. 늘리면 시간이 더 들고, 지나치면 데이터를 외워 버립니다.',
    },
  },
  batchSize: {
    type: 'integer',
    default: 16,
    minimum: 1,
    maximum: 4096,
    label: { en: 'Batch size', ko: '배치 크기' },
    help: {
      en: 'Rows per forward pass. Memory grows with it; larger batches make steadier steps.',
      ko: '한 번에 계산하는 행 수입니다. 클수록 메모리를 더 쓰고 걸음이 고르게 됩니다.',
    },
  },
  ...rhythmOptions,
  ...sampleOptions,
  ...precisionOptions,
  ...memoryOptions,
});

export type TrainingOptions = OptionValues<typeof trainingOptions>;
