import { differentiable } from '../autodiff/tape.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { multiply } from './arithmetic.ts';
import { unrecorded, willRecord } from './unrecorded.ts';

/** An activation's value and, where wanted, its derivative at the same place. Both are new tensors of x's shape. */
export type Curve = (
  x: Tensor,
  wantsSlope: boolean,
) => { readonly output: Tensor; readonly slope: Tensor | null };

/**
 * Applies a curve elementwise. The derivative is worked out at once, from what the value needed anyway, and kept instead
 * of x: as much memory, and backward is one product.
 */
export function activate(x: Tensor, curve: Curve): Tensor {
  const wantsSlope = willRecord(x);
  const { output, slope } = unrecorded(() => curve(x, wantsSlope));
  const result = differentiable(output, [x], (save) => {
    const kept = slope && save(slope);
    return (gradient) => [kept && multiply(gradient, kept)];
  });
  slope?.dispose();
  return result;
}
