import { scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues, uniformValues } from '../../initialValues.ts';
import type { SublayerSurroundings } from '../../models/hooks.ts';
import type { Linear, Pass } from '../../models/model.ts';
import { add, linear, multiply, tanh } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import { type BottleneckAdapter, applyAdapter } from '../bottleneck/adapter.ts';
import type { PrefixShape } from '../prefixTuning/attach.ts';
import { type Gate, applyGate } from './gate.ts';

/** Matrices beside a linear layer, whose gate takes the place of α/rank: y = Wx + g·B(Ax). */
export interface GatedBranch {
  readonly target: Linear;
  readonly a: Parameter;
  readonly b: Parameter;
  readonly gate: Gate;
}

/** Tells what a gate came to. */
export type Note = (gate: Tensor, pass: Pass) => void;

export function makeGatedBranch(
  backend: Backend,
  target: Linear,
  given: { readonly path: string; readonly rank: number; readonly gate: Gate; readonly seed: number },
): GatedBranch {
  const { path, rank, gate, seed } = given;
  const { inFeatures, outFeatures } = target;
  const a = `${path}.lora_A`;
  const start = uniformValues(seed, a, rank * inFeatures, 1 / Math.sqrt(inFeatures));
  return {
    target,
    a: addParameter(backend, a, [rank, inFeatures], start),
    b: addParameter(backend, `${path}.lora_B`, [outFeatures, rank], 0),
    gate,
  };
}

export function runGatedBranch(
  { a, b, gate }: GatedBranch,
  x: Tensor,
  output: Tensor,
  pass: Pass,
  note: Note,
): Tensor {
  return scope(() => {
    const open = applyGate(gate, x, pass);
    note(open, pass);
    const inner = multiply(linear(x, a.value, null), open);
    return linear(inner, b.value, null, 'outIn', output);
  });
}

/** Pfeiffer's adapter behind a gate: g·A(z) + y, z as Pfeiffer has it. */
export function runGatedAdapter(
  adapter: BottleneckAdapter,
  gate: Gate,
  output: Tensor,
  { residual, normalize, pass }: SublayerSurroundings,
  note: Note,
): Tensor {
  return scope(() => {
    const total = add(output, residual);
    const z = normalize ? normalize(total) : total;
    const open = applyGate(gate, z, pass);
    note(open, pass);
    return add(multiply(applyAdapter(adapter, z), open), output);
  });
}

/** The network a prefix comes out of: tanh(embedding·W₀ᵀ + b₀)·W₂ᵀ + b₂. */
export interface PrefixNetwork {
  readonly parameters: readonly Parameter[];
  /** → `[length, 2·blocks·width]` */
  compute(): Tensor;
}

/** @param width of the embeddings that go in */
export function makePrefixNetwork(
  backend: Backend,
  path: string,
  { length, blocks, width: keyWidth }: PrefixShape,
  given: { readonly width: number; readonly hiddenSize: number; readonly seed: number },
): PrefixNetwork {
  const { width, hiddenSize, seed } = given;
  const outputs = 2 * blocks * keyWidth;
  const make = (name: string, shape: readonly number[], inputs: number) => {
    const whole = `${path}.control_trans.${name}`;
    const size = shape.reduce((product, one) => product * one, 1);
    return addParameter(backend, whole, shape, uniformValues(seed, whole, size, 1 / Math.sqrt(inputs)));
  };
  const words = `${path}.wte.weight`;
  const embedding = addParameter(
    backend,
    words,
    [length, width],
    normalValues(seed, words, length * width, 1),
  );
  const inner = {
    weight: make('0.weight', [hiddenSize, width], width),
    bias: make('0.bias', [hiddenSize], width),
  };
  const outer = {
    weight: make('2.weight', [outputs, hiddenSize], hiddenSize),
    bias: make('2.bias', [outputs], hiddenSize),
  };
  return {
    parameters: [embedding, inner.weight, inner.bias, outer.weight, outer.bias],
    compute: () =>
      scope(() => {
        const hidden = tanh(linear(embedding.value, inner.weight.value, inner.bias.value));
        return linear(hidden, outer.weight.value, outer.bias.value);
      }),
  };
}
