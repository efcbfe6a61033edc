import { scope } from '../autodiff/scope.ts';
import { recompute } from '../autodiff/tape.ts';
import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import {
  type AttentionOptions,
  dropout,
  gatherRows,
  indicesFrom,
  layerNorm,
  linear,
  repeatableStream,
  reshape,
  slice,
} from '../ops/index.ts';
import { type ActivationName, activate } from './activations.ts';
import type { BlockRange } from './architecture.ts';
import type { Linear, ModelBatch, Pass } from './model.ts';

/** A linear layer together with what a method made of it: x `[..., in]` → `[..., out]`. */
export function applyLinear(layer: Linear, x: Tensor, pass: Pass): Tensor {
  const input = layer.prepare === null ? x : layer.prepare(x, pass);
  const output = linear(input, layer.weight.stored, layer.bias?.value ?? null, layer.layout);
  return layer.transform === null ? output : layer.transform(input, output, pass);
}

/** A linear layer and the activation behind it, which adds the layer's bias where nothing else changes its output. */
export function applyActivated(layer: Linear, name: ActivationName, x: Tensor, pass: Pass): Tensor {
  if (layer.transform !== null || layer.bias === null) return activate(name, applyLinear(layer, x, pass));
  const input = layer.prepare === null ? x : layer.prepare(x, pass);
  return activate(name, linear(input, layer.weight.stored, null, layer.layout), layer.bias.value);
}

/** Layer normalisation of x, or of its sum with a residual of the same shape. */
export function applyNorm(
  norm: { readonly weight: Parameter; readonly bias: Parameter },
  x: Tensor,
  epsilon: number,
  residual: Tensor | null = null,
): Tensor {
  return layerNorm(x, norm.weight.value, norm.bias.value, epsilon, residual);
}

/** Dropout while training; otherwise x itself. */
export function applyDropout(x: Tensor, probability: number, pass: Pass): Tensor {
  return pass.training && probability > 0 ? dropout(x, probability, pass.random) : x;
}

/** Dropout of attention weights, as the attention operation takes it. */
export function attentionDropout(probability: number, pass: Pass): AttentionOptions['dropout'] {
  return pass.training && probability > 0 ? { probability, random: pass.random } : null;
}

/** One layer: x `[batch, time, width]` → the same shape. `shared` are the tensors all layers read, such as masks. */
type RunLayer<Layer> = (
  layer: Layer,
  x: Tensor,
  given: { readonly index: number; readonly pass: Pass; readonly shared: readonly Tensor[] },
) => Tensor;

/** Runs a layer, where the pass says so keeping only what goes into it. Its dropout draws the same either way. */
function runLayer<Layer>(
  run: RunLayer<Layer>,
  layer: Layer,
  x: Tensor,
  { index, pass, shared }: Parameters<RunLayer<Layer>>[2],
): Tensor {
  const makeStream = repeatableStream(pass.random);
  const compute = (input: Tensor, given: readonly Tensor[]) =>
    run(layer, input, { index, shared: given, pass: { ...pass, random: makeStream() } });
  if (!pass.recompute) return scope(() => compute(x, shared));
  return recompute([x, ...shared], pass.recompute, ([again = x, ...given]) => compute(again, given));
}

/**
 * Runs layers one after the other, letting go of each result as soon as the next one is known.
 * @param hidden `[batch, time, width]`; this call disposes it, unless it runs no layer
 */
export function runLayers<Layer>(
  hidden: Tensor,
  layers: readonly Layer[],
  pass: Pass,
  shared: readonly Tensor[],
  run: RunLayer<Layer>,
  { from, to }: BlockRange = { from: 0, to: layers.length },
): Tensor {
  return layers.slice(from, to).reduce((current, layer, offset) => {
    const next = runLayer(run, layer, current, { index: from + offset, pass, shared });
    current.dispose();
    return next;
  }, hidden);
}

/** First token of each row: `[batch, time, width]` → `[batch, width]`. */
export function firstToken(hidden: Tensor): Tensor {
  const [batch = 0, , width = 0] = hidden.shape;
  return reshape(slice(hidden, [0, 0, 0], [batch, 1, width]), [batch, width]);
}

/** Last token of each row that is not padding: `[batch, time, width]` → `[batch, width]`. */
export function lastToken(hidden: Tensor, { lengths }: ModelBatch): Tensor {
  const [batch = 0, time = 0, width = 0] = hidden.shape;
  const rows = lengths.map((length, row) => row * time + Math.max(length - 1, 0));
  return gatherRows(reshape(hidden, [batch * time, width]), indicesFrom(hidden.backend, rows));
}
