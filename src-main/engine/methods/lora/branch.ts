import { keep, scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues, uniformValues } from '../../initialValues.ts';
import type { Linear, Pass } from '../../models/model.ts';
import { add, cast, concat, dropout, fromValues, linear, scale, subtract } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import type { SavedTensor } from '../method.ts';
import { wrapped } from '../peftSettings.ts';
import { lowRankChange, mergedDora, runDora, weightNorms } from './dora.ts';
import { principalStart } from './pissa.ts';
import type { LoraLayer, LoraOptions } from './plan.ts';

/** The matrices beside one linear layer: y = Wx + s·B(A·dropout(x)), A `[rank, in]`, B `[out, rank]`. */
export interface Branch extends LoraLayer {
  readonly target: Linear;
  readonly a: Parameter;
  readonly b: Parameter;
  /** Where A and B began (PiSSA): their product is taken off again, so that the whole starts at the base model. */
  readonly start: { readonly a: Tensor; readonly b: Tensor } | null;
  readonly bias: Parameter | null;
  /** Length of each row of the changed weight `[out]`, where it is trained apart from the direction (DoRA). */
  readonly magnitude: Parameter | null;
}

function startA(layer: LoraLayer, name: string, init: LoraOptions['init'], seed: number): Float32Array {
  const size = layer.rank * layer.inFeatures;
  return init === 'gaussian'
    ? normalValues(seed, name, size, 1 / layer.rank)
    : uniformValues(seed, name, size, 1 / Math.sqrt(layer.inFeatures));
}

export function makeBranch(
  backend: Backend,
  target: Linear,
  layer: LoraLayer,
  options: LoraOptions,
  seed: number,
): Branch {
  const { rank, inFeatures, outFeatures, scaling, path } = layer;
  const principal = options.init === 'pissa' ? principalStart(target, rank, scaling) : null;
  const make = (part: string, shape: readonly number[], start: Float32Array | number) =>
    addParameter(backend, `${wrapped}${path}.${part}`, shape, start);
  const held = (values: Float32Array, shape: readonly number[]) =>
    scope(() => keep(fromValues(backend, values, shape, 'float32')));
  const a = 'lora_A.weight';
  const shapes = { a: [rank, inFeatures], b: [outFeatures, rank] };
  return {
    ...layer,
    target,
    a: make(a, shapes.a, principal?.a ?? startA(layer, `${wrapped}${path}.${a}`, options.init, seed)),
    b: make('lora_B.weight', shapes.b, principal?.b ?? 0),
    start: principal && { a: held(principal.a, shapes.a), b: held(principal.b, shapes.b) },
    bias: options.loraBias ? make('lora_B.bias', [outFeatures], 0) : null,
    magnitude: options.useDora ? make('lora_magnitude_vector', [outFeatures], weightNorms(target)) : null,
  };
}

export function parametersOf({ a, b, bias, magnitude }: Branch): Parameter[] {
  return [a, b, bias, magnitude].filter((parameter) => parameter !== null);
}

/** Adds the branch's output. The scaling is applied where the tensors are smallest, `[..., rank]`; x is saved once. */
export function runBranch(
  branch: Branch,
  probability: number,
  x: Tensor,
  output: Tensor,
  pass: Pass,
): Tensor {
  if (branch.magnitude) return runDora(branch, branch.magnitude, probability, x, output, pass);
  const { a, b, start, scaling } = branch;
  return scope(() => {
    const input = pass.training && probability > 0 ? dropout(x, probability, pass.random) : x;
    const bias = branch.bias ? scale(branch.bias.value, scaling) : null;
    const inner = scale(linear(input, a.value, null), scaling);
    if (start === null) return linear(inner, b.value, bias, 'outIn', output);
    // The two branches first: at the start they are the same to the last digit.
    const before = linear(scale(linear(x, start.a, null), scaling), start.b, null);
    return add(output, subtract(linear(inner, b.value, bias), before));
  });
}

/** W ← W + s·BA, transposed where the layer stores `[in, out]`; the adapter's bias joins the layer's own. */
export function mergeBranch(branch: Branch): void {
  const { target, bias, scaling, magnitude } = branch;
  const weight = scope(() => {
    if (magnitude) return keep(mergedDora(branch, magnitude));
    return keep(add(cast(target.weight.value, 'float32'), lowRankChange(branch)));
  });
  target.weight.assign(weight);
  const own = target.bias;
  if (bias !== null && own !== null)
    own.assign(scope(() => keep(add(own.value, scale(bias.value, scaling)))));
}

/**
 * What a file holds of a branch. One with a start of its own becomes a plain one of twice the rank, for the base model as
 * it is: A `[A; A₀]`, B `[B, −B₀]` (PEFT's conversion).
 */
export function savedTensors(branch: Branch): [string, SavedTensor][] {
  const { start, rank, inFeatures, outFeatures, a, b } = branch;
  const plain = parametersOf(branch).map((parameter): [string, SavedTensor] => [parameter.name, parameter]);
  if (start === null) return plain;
  const both = (shape: readonly number[], compute: () => Tensor) => ({
    shape,
    compute: () => scope(compute),
  });
  return [
    ...plain,
    [a.name, both([2 * rank, inFeatures], () => concat([a.value, start.a], 0))],
    [b.name, both([outFeatures, 2 * rank], () => concat([b.value, scale(start.b, -1)], 1))],
  ];
}

/** Disposes what is not a parameter. */
export function disposeStart({ start }: Branch): void {
  start?.a.dispose();
  start?.b.dispose();
}
