import type { Method } from '../methods/method.ts';
import type { WeightForm } from '../models/loadParameters.ts';
import type { TrainingOptions } from './options.ts';

/** A form that a run chose. */
export interface ChosenWeightForm extends Required<WeightForm> {
  readonly weightType: 'float32' | 'bfloat16';
}

/** In which form a run holds the weights it does not train. */
export function weightFormOf(
  method: Pick<Method, 'output' | 'quantization'>,
  { precision, quantization }: Pick<TrainingOptions, 'precision' | 'quantization'>,
): ChosenWeightForm {
  // A model written whole would keep the lost digits of the weights that were not trained.
  if (method.output === 'model') return { weightType: 'float32', quantization: 'none' };
  return { weightType: precision, quantization: method.quantization ?? quantization };
}
