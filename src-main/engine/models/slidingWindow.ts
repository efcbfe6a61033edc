import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { type AttentionOptions, MASKED, fromValues } from '../ops/index.ts';

/** Additive mask `[1, 1, time, time]`: each token sees itself and the `window − 1` tokens before it. */
function windowMask(backend: Backend, time: number, window: number): Tensor {
  const values = new Float32Array(time * time).fill(MASKED);
  for (let query = 0; query < time; query++) {
    const first = Math.max(0, query - window + 1);
    values.fill(0, query * time + first, query * time + query + 1);
  }
  return fromValues(backend, values, [1, 1, time, time], 'float32');
}

/**
 * How tokens of right-padded rows see each other. Causality alone hides the padding from every real token, since it
 * stands behind them.
 */
export function causalAttention(
  backend: Backend,
  time: number,
  window: number | null,
): Pick<AttentionOptions, 'mask' | 'causal'> {
  if (window === null || time <= window) return { mask: null, causal: true };
  return { mask: windowMask(backend, time, window), causal: false };
}
