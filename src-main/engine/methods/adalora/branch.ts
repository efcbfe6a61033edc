import { keep, scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues } from '../../initialValues.ts';
import type { Linear, Pass } from '../../models/model.ts';
import {
  add,
  cast,
  dropout,
  filled,
  fromValues,
  gatherRows,
  indicesFrom,
  linear,
  matmul,
  multiply,
  reshape,
  scale,
  sqrt,
  square,
  subtract,
  sum,
  transpose,
} from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import type { SavedTensor } from '../method.ts';
import { wrapped } from '../peftSettings.ts';

/** A change in the form of a singular value decomposition: ΔW = s·B(E ⊙ A), A `[rank, in]`, E `[rank, 1]`, B `[out, rank]`. */
export interface AdaLoraBranch {
  readonly path: string;
  readonly target: Linear;
  readonly a: Parameter;
  readonly e: Parameter;
  readonly b: Parameter;
  readonly scaling: number;
}

export interface AdaLoraLayer {
  readonly path: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly rank: number;
  readonly scaling: number;
}

export function makeBranch(
  backend: Backend,
  target: Linear,
  { path, rank, inFeatures, outFeatures, scaling }: AdaLoraLayer,
  seed: number,
): AdaLoraBranch {
  const make = (part: string, shape: readonly [number, number], deviation: number) => {
    const name = `${wrapped}${path}.lora_${part}`;
    const start = deviation === 0 ? 0 : normalValues(seed, name, shape[0] * shape[1], deviation);
    return addParameter(backend, name, shape, start);
  };
  return {
    path,
    target,
    a: make('A', [rank, inFeatures], 0.02),
    e: make('E', [rank, 1], 0),
    b: make('B', [outFeatures, rank], 0.02),
    scaling,
  };
}

export function parametersOf({ a, b, e }: AdaLoraBranch): Parameter[] {
  return [a, b, e];
}

/** Adds the branch's output, x `[..., in]`; the values are applied where the tensors are smallest, `[..., rank]`. */
export function runBranch(
  { a, b, e, scaling }: AdaLoraBranch,
  probability: number,
  x: Tensor,
  output: Tensor,
  pass: Pass,
): Tensor {
  return scope(() => {
    const input = pass.training && probability > 0 ? dropout(x, probability, pass.random) : x;
    const values = scale(reshape(e.value, [e.size]), scaling);
    const inner = multiply(linear(input, a.value, null), values);
    return linear(inner, b.value, null, 'outIn', output);
  });
}

/** W ← W + s·B(E ⊙ A), transposed where the layer stores `[in, out]`. */
export function mergeBranch({ target, a, b, e, scaling }: AdaLoraBranch): void {
  target.weight.assign(
    scope(() => {
      const inner = multiply(a.value, scale(e.value, scaling));
      const change =
        target.layout === 'outIn'
          ? matmul(b.value, inner)
          : matmul(inner, b.value, { transposeA: true, transposeB: true });
      return keep(add(cast(target.weight.value, 'float32'), change));
    }),
  );
}

/** How far rows are from orthonormal: ‖XXᵀ − I‖ of X `[rank, n]`, or of its transpose. */
function distance(x: Tensor, by: 'rows' | 'columns'): Tensor {
  const { backend } = x;
  const product = matmul(x, x, by === 'rows' ? { transposeB: true } : { transposeA: true });
  const [rank = 0] = product.shape;
  const identity = Float32Array.from({ length: rank * rank }, (_, place) =>
    place % (rank + 1) === 0 ? 1 : 0,
  );
  const difference = subtract(product, fromValues(backend, identity, [rank, rank], 'float32'));
  return sqrt(sum(square(difference)));
}

/** The mean of these distances over all matrices A and B, a scalar. */
export function orthogonalityLoss(branches: readonly AdaLoraBranch[]): Tensor {
  return scope(() => {
    const distances = branches.flatMap(({ a, b }) => [
      distance(a.value, 'rows'),
      distance(b.value, 'columns'),
    ]);
    const [first, ...others] = distances;
    if (first === undefined) throw new Error('AdaLoRA has no layers.');
    return scale(
      others.reduce((total, one) => add(total, one), first),
      1 / distances.length,
    );
  });
}

/** The matrices with only some of their ranks, by name. */
export function keptTensors({ a, b, e }: AdaLoraBranch, kept: readonly boolean[]): [string, SavedTensor][] {
  const indices = kept.flatMap((stays, index) => (stays ? [index] : []));
  const count = indices.length;
  const rows = (x: Tensor) => gatherRows(x, indicesFrom(x.backend, indices));
  const pick = (parameter: Parameter, shape: readonly number[], choose: (x: Tensor) => Tensor) => {
    const compute = () =>
      scope(() => (count === 0 ? filled(parameter.value.backend, shape, 0) : choose(parameter.value)));
    return [parameter.name, { shape, compute }] satisfies [string, SavedTensor];
  };
  const [, inFeatures = 0] = a.shape;
  const [outFeatures = 0] = b.shape;
  return [
    pick(a, [count, inFeatures], rows),
    pick(e, [count, 1], rows),
    pick(b, [outFeatures, count], (x) => transpose(rows(transpose(x, [1, 0])), [1, 0])),
  ];
}
