import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import type { FusedOperations } from '../backend/fused.ts';

interface FusedNormInputs {
  readonly x: Tensor;
  /** Added to x first. */
  readonly residual: Tensor | null;
  readonly weight: Tensor;
  /** Null for RMS norm, which does not subtract the mean either. */
  readonly bias: Tensor | null;
}

/** Layer norm or RMS norm in one pass. Saves what was normalised and one or two numbers a row. */
export function fusedNorm(fused: FusedOperations, inputs: FusedNormInputs, epsilon: number): Tensor {
  const { x, residual, weight, bias } = inputs;
  const { backend } = x;
  const wrap = (handle: ConstructorParameters<typeof Tensor>[1]) => new Tensor(backend, handle);
  const { output, sum, statistics } = fused.norm(x.handle, weight.handle, bias && bias.handle, {
    centered: bias !== null,
    epsilon,
    residual: residual && residual.handle,
  });
  const total = sum && wrap(sum);
  const mean = statistics.mean && wrap(statistics.mean);
  const scale = wrap(statistics.scale);
  const sources = [x, residual, weight, bias].filter((input) => input !== null);
  const result = differentiable(output, sources, (save) => {
    const [savedX, savedWeight] = [save(total ?? x), save(weight)];
    const [savedMean, savedScale] = [mean && save(mean), save(scale)];
    return (gradient, wanted) => {
      const isWanted = (input: Tensor | null) => input !== null && wanted[sources.indexOf(input)] === true;
      const gradients = fused.normGradient(
        gradient.handle,
        savedX.handle,
        savedWeight.handle,
        { mean: savedMean && savedMean.handle, scale: savedScale.handle },
        { wantWeight: isWanted(weight), wantBias: isWanted(bias) },
      );
      const dx = wrap(gradients.x);
      const dweight = gradients.weight && wrap(gradients.weight);
      const dbias = gradients.bias && wrap(gradients.bias);
      // The sum passes its gradient on to both.
      const dresidual = residual && (isWanted(residual) ? dx.alias() : null);
      const answers = [isWanted(x) ? dx : null, dresidual, dweight, dbias];
      return answers.filter((_, index) => [x, residual, weight, bias][index] !== null);
    };
  });
  total?.dispose();
  mean?.dispose();
  scale.dispose();
  return result;
}
