import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { add, paddingMask } from '../ops/index.ts';
import { type ActivationName, activate } from './activations.ts';
import type { Network } from './architecture.ts';
import { applyDropout, applyLinear, applyNorm, attendHeads, attentionDropout, runLayers } from './layers.ts';
import type { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
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

/** Names of one layer's parts in the checkpoint. */
export interface EncoderLayerPaths {
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

  function attend(layer: Layer, x: Tensor, mask: Tensor | null, pass: Pass): Tensor {
    const q = applyLinear(layer.query, x, pass);
    const k = applyLinear(layer.key, x, pass);
    const v = applyLinear(layer.value, x, pass);
    const options = { mask, causal: false, dropout: attentionDropout(config.attentionDropout, pass) };
    const attended = attendHeads(q, k, v, config.heads, options);
    const output = applyLinear(layer.attentionOutput, attended, pass);
    const dropped = config.dropsAttentionOutput ? applyDropout(output, config.hiddenDropout, pass) : output;
    return applyNorm(layer.attentionNorm, add(dropped, x), config.epsilon);
  }

  function feedForward(layer: Layer, x: Tensor, pass: Pass): Tensor {
    const inner = activate(config.activation, applyLinear(layer.intermediate, x, pass));
    const output = applyDropout(applyLinear(layer.output, inner, pass), config.hiddenDropout, pass);
    return applyNorm(layer.outputNorm, add(output, x), config.epsilon);
  }

  return (hidden, batch, pass, range) => {
    const [, time = 0] = hidden.shape;
    const isPadded = batch.lengths.some((length) => length < time);
    return scope(() => {
      const masks = isPadded ? [paddingMask(batch.attentionMask)] : [];
      return runLayers(
        hidden,
        layers,
        pass,
        masks,
        (layer, x, { pass: layerPass, shared: [mask = null] }) =>
          feedForward(
            layer,
            scope(() => attend(layer, x, mask, layerPass)),
            layerPass,
          ),
        range,
      );
    });
  };
}
