import { keep, scope } from '../autodiff/scope.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import { cast } from '../ops/index.ts';
import type { Attached } from './method.ts';

/** Lets training change a weight of the model itself. Trained weights are float32 whatever the frozen ones are. */
export function makeTrainable(parameter: Parameter): void {
  if (parameter.isPacked || parameter.dtype !== 'float32') {
    parameter.assign(scope(() => keep(cast(parameter.value, 'float32'))));
  }
  parameter.trainable = true;
}

export function freeze(parameter: Parameter): void {
  parameter.trainable = false;
  parameter.clearGradient();
}

/**
 * A method that trains some of the model's own weights and adds nothing.
 * @param rates factors on the learning rate by name; 1 where one is missing
 */
export function attachOwnWeights(
  parameters: Iterable<Parameter>,
  rates: ReadonlyMap<string, number> = new Map(),
): Attached {
  const trainable = [...parameters];
  trainable.forEach(makeTrainable);
  const detach = () => trainable.forEach(freeze);
  const rateFactors = new Map(trainable.map((parameter) => [parameter, rates.get(parameter.name) ?? 1]));
  return { added: new Map(), trainable, rateFactors, adapter: null, merge: detach, detach };
}
