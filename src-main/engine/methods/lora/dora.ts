import { scope } from '../../autodiff/scope.ts';
import { withoutGradient } from '../../autodiff/tape.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Linear, Pass } from '../../models/model.ts';
import {
  add,
  addScalar,
  cast,
  divide,
  dropout,
  linear,
  matmul,
  multiply,
  reshape,
  scale,
  sqrt,
  square,
  subtract,
  sum,
} from '../../ops/index.ts';
import type { Branch } from './branch.ts';

// Weight-decomposed low-rank adaptation (https://arxiv.org/abs/2402.09353): W' = m ⊙ (W + s·BA) / ‖W + s·BA‖, the norm
// of each output's row, which is taken as a constant in the gradient.

/** s·BA in the layer's own layout; with a start of their own, what has been added since. */
export function lowRankChange({ target, a, b, start, scaling }: Branch): Tensor {
  const product = (inner: Tensor, outer: Tensor) =>
    target.layout === 'outIn'
      ? matmul(outer, inner)
      : matmul(inner, outer, { transposeA: true, transposeB: true });
  const now = product(a.value, b.value);
  return scale(start ? subtract(now, product(start.a, start.b)) : now, scaling);
}

/** Length of each output's row of a weight in the layer's own layout: `[out]`. */
function rowNorms(weight: Tensor, layout: Linear['layout']): Tensor {
  return sqrt(sum(square(weight), [layout === 'outIn' ? 1 : 0]));
}

/** ‖W‖ by rows, where the magnitudes start. */
export function weightNorms({ weight, layout }: Linear): Float32Array {
  let norms = new Float32Array();
  withoutGradient(() =>
    scope(() => {
      norms = Float32Array.from(rowNorms(cast(weight.value, 'float32'), layout).values());
    }),
  );
  return norms;
}

/** m / ‖W + s·BA‖ `[out]`. */
function magnitudeFactor(branch: Branch, magnitude: Parameter): Tensor {
  const { target } = branch;
  const norms = withoutGradient(() =>
    scope(() => rowNorms(add(cast(target.weight.value, 'float32'), lowRankChange(branch)), target.layout)),
  );
  return divide(magnitude.value, norms);
}

/**
 * The layer's output with direction and magnitude changed; the bias stays as it is. As in PEFT, dropout while training
 * reaches the frozen part of the change as well.
 */
export function runDora(
  branch: Branch,
  magnitude: Parameter,
  probability: number,
  x: Tensor,
  output: Tensor,
  pass: Pass,
): Tensor {
  return scope(() => {
    const { target } = branch;
    const drops = pass.training && probability > 0;
    const input = drops ? dropout(x, probability, pass.random) : x;
    const withoutBias = () => (target.bias ? subtract(output, target.bias.value) : output);
    const base = drops ? linear(input, target.weight.stored, null, target.layout) : withoutBias();
    const inner = scale(linear(input, branch.a.value, null), branch.scaling);
    const factor = magnitudeFactor(branch, magnitude);
    const ofBase = multiply(base, addScalar(factor, -1));
    return add(output, add(ofBase, multiply(linear(inner, branch.b.value, null), factor)));
  });
}

/** The whole changed weight, in the layer's own layout. */
export function mergedDora(branch: Branch, magnitude: Parameter): Tensor {
  const { target, outFeatures } = branch;
  const factor = magnitudeFactor(branch, magnitude);
  const aligned = reshape(factor, target.layout === 'outIn' ? [outFeatures, 1] : [1, outFeatures]);
  return multiply(add(cast(target.weight.value, 'float32'), lowRankChange(branch)), aligned);
}
