import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { add, addScalar, multiply, scale, subtract } from './arithmetic.ts';
import { exp, log, relu } from './elementwise.ts';
import { mean } from './reduce.ts';
import { unrecorded } from './unrecorded.ts';

/**
 * Mean over all elements of −z·log σ(x) − (1 − z)·log(1 − σ(x)), a scalar, computed as max(x, 0) − x·z + log(1 + e^−|x|)
 * so that nothing overflows.
 * @param logits x, any shape
 * @param targets z in [0, 1] of the same shape, not differentiated
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const { backend } = logits;
  const loss = unrecorded(() => {
    const positive = relu(logits);
    const size = add(positive, relu(scale(logits, -1)));
    const rest = log(addScalar(exp(scale(size, -1)), 1));
    return mean(add(subtract(positive, multiply(logits, targets)), rest));
  });
  return differentiable(loss, [logits], (save) => {
    const [x, z] = [save(logits), save(targets)];
    return (gradient) => {
      const share = scale(gradient, 1 / Math.max(1, x.size));
      const probability = new Tensor(backend, backend.unary('sigmoid', x.handle));
      return [multiply(subtract(probability, z), share)];
    };
  });
}
