import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { add, attentionOfRows, splitHeads } from '../ops/index.ts';
import { type ActivationName, activate } from './activations.ts';
import type { Network } from './architecture.ts';
import { applyDropout, applyLinear, applyNorm, attentionDropout, runLayers } from './layers.ts';
import { firstPosition } from './hooks.ts';
import type { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
import { type PreparedPrefix, joinPrefix, preparePrefix } from './virtualTokens.ts';
import { textRanges } from './sight.ts';
import type { Weights } from './weights.ts';

// The post-norm Transformer encoder (https://arxiv.org/abs/1706.03762) that BERT, RoBERTa and DistilBERT share.

export interface EncoderConfig {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly activation: ActivationName;
  readonly epsilon: number;
  readonly attentionDropout: number;
  readonly hiddenDropout: number;
  /** Whether the attention's output is dropped out before it is added (not in DistilBERT). */
  readonly dropsAttentionOutput: boolean;
}

/** Names of one layer and its parts in the checkpoint. */
export interface EncoderLayerPaths {
  readonly layer: string;
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

export function declareEncoder(
  layout: ModelLayout,
  config: EncoderConfig,
  pathsOf: (layer: number) => EncoderLayerPaths,
): void {
  const { hiddenSize, intermediateSize } = config;
  for (let layer = 0; layer < config.layers; layer++) {
    const paths = pathsOf(layer);
    layout.linear(paths.query, hiddenSize, hiddenSize);
    layout.linear(paths.key, hiddenSize, hiddenSize);
    layout.linear(paths.value, hiddenSize, hiddenSize);
    layout.linear(paths.attentionOutput, hiddenSize, hiddenSize);
    layout.layerNorm(paths.attentionNorm, hiddenSize);
    layout.linear(paths.intermediate, hiddenSize, intermediateSize);
    layout.linear(paths.output, intermediateSize, hiddenSize);
    layout.layerNorm(paths.outputNorm, hiddenSize);
    layout.blocks.push({
      path: paths.layer,
      heads: config.heads,
      keyValueHeads: config.heads,
      headSize: hiddenSize / config.heads,
      query: paths.query,
      key: paths.key,
      value: paths.value,
      output: paths.attentionOutput,
    });
  }
}

/** → the `runBlocks` of an encoder. */
export function buildEncoder(
  weights: Weights,
  config: EncoderConfig,
  pathsOf: (layer: number) => EncoderLayerPaths,
): Network['runBlocks'] {
  const layers = Array.from({ length: config.layers }, (_, index) => {
    const paths = pathsOf(index);
    return {
      query: weights.linear(paths.query),
      key: weights.linear(paths.key),
      value: weights.linear(paths.value),
      attentionOutput: weights.linear(paths.attentionOutput),
      attentionNorm: weights.norm(paths.attentionNorm),
      intermediate: weights.linear(paths.intermediate),
      output: weights.linear(paths.output),
      outputNorm: weights.norm(paths.outputNorm),
    };
  });
  type Layer = (typeof layers)[number];

  interface Context {
    readonly index: number;
    readonly ranges: Tensor | null;
    readonly prefix: PreparedPrefix | null;
    readonly pass: Pass;
  }

  function attend(layer: Layer, x: Tensor, { index, ranges, prefix, pass }: Context): Tensor {
    const hook = weights.hooks.blocks[index]?.attentionOutput ?? null;
    const q = applyLinear(layer.query, x, pass);
    const own = { k: applyLinear(layer.key, x, pass), v: applyLinear(layer.value, x, pass) };
    const { k, v } = joinPrefix(prefix, index, x, own, pass);
    const options = { ranges, causal: false, dropout: attentionDropout(config.attentionDropout, pass) };
    const attended = attentionOfRows(q, k, v, config.heads, options);
    const projected = applyLinear(layer.attentionOutput, attended, pass);
    const dropped = config.dropsAttentionOutput
      ? applyDropout(projected, config.hiddenDropout, pass)
      : projected;
    const normalize = (sum: Tensor) => applyNorm(layer.attentionNorm, sum, config.epsilon);
    const output = hook
      ? hook(dropped, { residual: x, normalize, pass, query: () => splitHeads(q, config.heads) })
      : dropped;
    return normalize(add(output, x));
  }

  function feedForward(layer: Layer, x: Tensor, { index, pass }: Context): Tensor {
    const hook = weights.hooks.blocks[index]?.feedForwardOutput ?? null;
    const inner = activate(config.activation, applyLinear(layer.intermediate, x, pass));
    const dropped = applyDropout(applyLinear(layer.output, inner, pass), config.hiddenDropout, pass);
    const normalize = (sum: Tensor) => applyNorm(layer.outputNorm, sum, config.epsilon);
    const output = hook ? hook(dropped, { residual: x, normalize, pass }) : dropped;
    return normalize(add(output, x));
  }

  return (hidden, batch, pass, range) => {
    const [, time = 0] = hidden.shape;
    return scope(() => {
      const prefix = preparePrefix(weights.hooks, pass);
      const ranges = textRanges(hidden.backend, batch, time, firstPosition(weights.hooks));
      const limits = ranges ? [ranges] : [];
      const shared = [...limits, ...(prefix?.prepared ?? [])];
      return runLayers(
        hidden,
        layers,
        pass,
        shared,
        (layer, x, given) => {
          const context = {
            index: given.index,
            ranges: ranges && (given.shared[0] ?? null),
            prefix: prefix && { ...prefix, prepared: given.shared.slice(limits.length) },
            pass: given.pass,
          };
          const attended = scope(() => attend(layer, x, context));
          return feedForward(layer, attended, context);
        },
        range,
      );
    });
  };
}
