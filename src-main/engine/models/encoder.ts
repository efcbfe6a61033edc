import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend, Shape } from '../backend/backend.ts';
import {
  add,
  attentionOfRows,
  concat,
  filled,
  mergeHeads,
  scoredAttention,
  splitHeads,
} from '../ops/index.ts';
import type { ActivationName } from './activations.ts';
import type { Network } from './architecture.ts';
import {
  applyActivated,
  applyDropout,
  applyLinear,
  applyNorm,
  attentionDropout,
  runLayers,
} from './layers.ts';
import { prefixLength } from './hooks.ts';
import type { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
import { type PreparedPrefix, joinPrefix, preparePrefix } from './virtualTokens.ts';
import { textRanges } from './sight.ts';
import type { Weights } from './weights.ts';

// The post-norm Transformer encoder (https://arxiv.org/abs/1706.03762) that BERT, RoBERTa, DistilBERT and
// DeBERTa share.

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

/** What is added to the scores of attention besides the products of queries and keys. */
export interface ScoreBias {
  /** Multiplies the products of queries and keys. */
  readonly scale: number;
  /** Tensors that all layers read, made once per pass over `time` tokens. */
  prepare(backend: Backend, time: number): readonly Tensor[];
  /** @returns `[batch, heads, time, time]`, from q and k `[batch, heads, time, headSize]` */
  biasOf(
    layer: number,
    prepared: readonly Tensor[],
    heads: { readonly q: Tensor; readonly k: Tensor },
    pass: Pass,
  ): Tensor;
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

/** A bias of the tokens themselves; keys that a prefix put in front have none. */
function widenBias(bias: Tensor, shape: Shape): Tensor {
  const [batch = 0, heads = 0, time = 0, keys = 0] = shape;
  const before = keys - (bias.shape[3] ?? 0);
  return before === 0 ? bias : concat([filled(bias.backend, [batch, heads, time, before], 0), bias], 3);
}

/** → the `runBlocks` of an encoder. */
export function buildEncoder(
  weights: Weights,
  config: EncoderConfig,
  pathsOf: (layer: number) => EncoderLayerPaths,
  scoreBias: ScoreBias | null = null,
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
    /** What the score bias prepared. */
    readonly biasTensors: readonly Tensor[];
    readonly pass: Pass;
  }

  type Rows = Record<'q' | 'k' | 'v', Tensor>;

  /** Attention over rows `[batch, time, heads·headSize]`; `ownKeys` are those of the tokens themselves. */
  function attendRows({ q, k, v }: Rows, ownKeys: Tensor, context: Context): Tensor {
    const { index, ranges, pass } = context;
    const options = { ranges, causal: false, dropout: attentionDropout(config.attentionDropout, pass) };
    if (scoreBias === null) return attentionOfRows(q, k, v, config.heads, options);
    const split = (rows: Tensor) => splitHeads(rows, config.heads);
    const heads = { q: split(q), k: split(ownKeys) };
    const bias = scoreBias.biasOf(index, context.biasTensors, heads, pass);
    return mergeHeads(
      scoredAttention(heads.q, split(k), split(v), { ...options, scale: scoreBias.scale }, (scores) =>
        add(scores, widenBias(bias, scores.shape)),
      ),
    );
  }

  function attend(layer: Layer, x: Tensor, context: Context): Tensor {
    const { index, prefix, pass } = context;
    const hook = weights.hooks.blocks[index]?.attentionOutput ?? null;
    const q = applyLinear(layer.query, x, pass);
    const own = { k: applyLinear(layer.key, x, pass), v: applyLinear(layer.value, x, pass) };
    const { k, v } = joinPrefix(prefix, index, x, own, pass);
    const attended = attendRows({ q, k, v }, own.k, context);
    const projected = applyLinear(layer.attentionOutput, attended, pass);
    const dropped = config.dropsAttentionOutput
      ? applyDropout(projected, config.hiddenDropout, pass)
      : projected;
    const normalize = (sum: Tensor, residual: Tensor | null = null) =>
      applyNorm(layer.attentionNorm, sum, config.epsilon, residual);
    const output = hook
      ? hook(dropped, { residual: x, normalize, pass, query: () => splitHeads(q, config.heads) })
      : dropped;
    return normalize(output, x);
  }

  function feedForward(layer: Layer, x: Tensor, { index, pass }: Context): Tensor {
    const hook = weights.hooks.blocks[index]?.feedForwardOutput ?? null;
    const inner = applyActivated(layer.intermediate, config.activation, x, pass);
    const dropped = applyDropout(applyLinear(layer.output, inner, pass), config.hiddenDropout, pass);
    const normalize = (sum: Tensor, residual: Tensor | null = null) =>
      applyNorm(layer.outputNorm, sum, config.epsilon, residual);
    const output = hook ? hook(dropped, { residual: x, normalize, pass }) : dropped;
    return normalize(output, x);
  }

  return (hidden, batch, pass, range) => {
    const [, time = 0] = hidden.shape;
    return scope(() => {
      const prefix = preparePrefix(weights.hooks, pass);
      const ranges = textRanges(hidden.backend, batch, time, prefixLength(weights.hooks));
      const limits = ranges ? [ranges] : [];
      const biasTensors = scoreBias?.prepare(hidden.backend, time) ?? [];
      const beforePrefix = limits.length + biasTensors.length;
      const shared = [...limits, ...biasTensors, ...(prefix?.prepared ?? [])];
      return runLayers(
        hidden,
        layers,
        { ...pass, texts: { lengths: batch.lengths, time } },
        shared,
        (layer, x, given) => {
          const context = {
            index: given.index,
            ranges: ranges && (given.shared[0] ?? null),
            biasTensors: given.shared.slice(limits.length, beforePrefix),
            prefix: prefix && { ...prefix, prepared: given.shared.slice(beforePrefix) },
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
