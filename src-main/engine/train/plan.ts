import type { TrainingOptions } from './options.ts';

/** How many steps a run has, known from its settings and the number of rows alone. */
export interface TrainingPlan {
  readonly batchesPerEpoch: number;
  /** Updates per epoch: the last one of an epoch may have fewer batches. */
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
}

export function planTraining(
  rows: number,
  options: Pick<TrainingOptions, 'batchSize' | 'accumulation' | 'epochs' | 'maximumSteps'>,
): TrainingPlan {
  const batchesPerEpoch = Math.ceil(rows / options.batchSize);
  const stepsPerEpoch = Math.max(1, Math.ceil(batchesPerEpoch / options.accumulation));
  const byEpochs = Math.max(1, Math.ceil(options.epochs * stepsPerEpoch));
  const totalSteps = options.maximumSteps > 0 ? options.maximumSteps : byEpochs;
  return { batchesPerEpoch, stepsPerEpoch, totalSteps };
}
