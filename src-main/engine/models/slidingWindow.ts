import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { type AttentionOptions, MASKED, fromValues } from '../ops/index.ts';
import type { ConfigReader } from './configReader.ts';

/**
 * Which layers' attention looks back a window of tokens only.
 * @param isLocal says so where config.json has no `layer_types`
 */
export function localLayers(
  config: ConfigReader,
  layers: number,
  isLocal: (layer: number) => boolean,
): boolean[] {
  const types = config.texts('layer_types');
  return Array.from({ length: layers }, (_, layer) =>
    types ? types[layer] === 'sliding_attention' : isLocal(layer),
  );
}

/** Additive mask `[1, 1, time, before + time]`: each token sees itself and the `window − 1` positions before it. */
function windowMask(backend: Backend, time: number, window: number, before: number): Tensor {
  const keys = before + time;
  const values = new Float32Array(time * keys).fill(MASKED);
  for (let query = 0; query < time; query++) {
    const own = before + query;
    const first = Math.max(0, own - window + 1);
    values.fill(0, query * keys + first, query * keys + own + 1);
  }
  return fromValues(backend, values, [1, 1, time, keys], 'float32');
}

/**
 * How tokens of right-padded rows see each other. Causality alone hides the padding from every real token, since it
 * stands behind them.
 * @param before positions in front of the tokens that hold keys and values only
 */
export function causalAttention(
  backend: Backend,
  time: number,
  window: number | null,
  before = 0,
): Pick<AttentionOptions, 'mask' | 'causal'> {
  if (window === null || before + time <= window) return { mask: null, causal: true };
  return { mask: windowMask(backend, time, window, before), causal: false };
}
