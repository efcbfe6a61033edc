import type { Backend } from '../backend/backend.ts';
import type { FusedOperations } from '../backend/fused.ts';
import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { add, multiply, subtract } from './arithmetic.ts';
import { concat, slice } from './reshape.ts';
import { unrecorded } from './unrecorded.ts';

/** Cosines and sines of every position's angles, `[batch or 1, 1, time, headSize]`. */
export interface RopeTables {
  /** Both halves of the last axis hold the same headSize/2 cosines. */
  readonly cos: Tensor;
  /** The second half of the last axis holds the sines, the first half their negatives. */
  readonly sin: Tensor;
}

/** θ_i = base^(−2i/headSize) for i < headSize/2. */
export function inverseFrequencies(headSize: number, base: number): Float64Array {
  return Float64Array.from({ length: headSize / 2 }, (_, index) => base ** ((-2 * index) / headSize));
}

/**
 * Angles of each position. The caller owns both tensors.
 * @param positions one row per batch row, or one row for all
 * @param factor multiplies cos and sin (the attention factor of YaRN and LongRoPE)
 */
export function ropeTables(
  backend: Backend,
  positions: readonly (readonly number[])[],
  frequencies: Float64Array,
  factor = 1,
): RopeTables {
  const half = frequencies.length;
  const time = positions[0]?.length ?? 0;
  const shape = [positions.length, 1, time, 2 * half];
  const cos = new Float32Array(positions.length * time * 2 * half);
  const sin = new Float32Array(cos.length);
  positions.flat().forEach((position, row) => {
    for (let index = 0; index < half; index++) {
      const angle = position * (frequencies[index] ?? 0);
      const low = row * 2 * half + index;
      cos[low] = cos[low + half] = Math.cos(angle) * factor;
      sin[low + half] = Math.sin(angle) * factor;
      sin[low] = -(sin[low + half] ?? 0);
    }
  });
  return {
    cos: new Tensor(backend, backend.upload(cos, shape, 'float32')),
    sin: new Tensor(backend, backend.upload(sin, shape, 'float32')),
  };
}

/** (first half, second half) of the last axis → (second, first). Unrecorded. */
function swapHalves(x: Tensor): Tensor {
  const { backend, shape } = x;
  const rank = shape.length;
  const half = (shape[rank - 1] ?? 0) / 2;
  const size = shape.map((length, axis) => (axis === rank - 1 ? half : length));
  const from = (start: number): number[] => shape.map((_, axis) => (axis === rank - 1 ? start : 0));
  return unrecorded(() => {
    const first = new Tensor(backend, backend.slice(x.handle, from(0), size));
    const second = new Tensor(backend, backend.slice(x.handle, from(half), size));
    return new Tensor(backend, backend.concat([second.handle, first.handle], rank - 1));
  });
}

/**
 * Rotary position embedding in transformers' half-split form (https://arxiv.org/abs/2104.09864):
 * x·cos + (−x₂, x₁)·sin. x `[batch, heads, time, headSize]`; where the tables are narrower, the rest of each head stays
 * as it is. Saves the tables; backward rotates the other way.
 */
export function rope(x: Tensor, tables: RopeTables): Tensor {
  const { fused } = x.backend;
  if (fused) return fusedRope(fused, x, tables);
  const [batch = 0, heads = 0, time = 0, headSize = 0] = x.shape;
  const rotatedSize = tables.cos.shape[3] ?? headSize;
  if (rotatedSize === headSize) return composedRope(x, tables);
  return scope(() => {
    const rotated = composedRope(slice(x, [0, 0, 0, 0], [batch, heads, time, rotatedSize]), tables);
    return concat([rotated, slice(x, [0, 0, 0, rotatedSize], [batch, heads, time, -1])], 3);
  });
}

function fusedRope(fused: FusedOperations, x: Tensor, { cos, sin }: RopeTables): Tensor {
  const turn = (turned: Tensor, tables: RopeTables, backwards: boolean) =>
    fused.rope(turned.handle, tables.cos.handle, tables.sin.handle, { backwards, layout: 'headsFirst' });
  return differentiable(turn(x, { cos, sin }, false), [x], (save) => {
    const saved = { cos: save(cos), sin: save(sin) };
    return (gradient) => [new Tensor(gradient.backend, turn(gradient, saved, true))];
  });
}

function composedRope(x: Tensor, { cos, sin }: RopeTables): Tensor {
  const output = unrecorded(() => add(multiply(x, cos), multiply(swapHalves(x), sin)));
  return differentiable(output, [x], (save) => {
    const savedCos = save(cos);
    const savedSin = save(sin);
    return (gradient) => [subtract(multiply(gradient, savedCos), multiply(swapHalves(gradient), savedSin))];
  });
}
