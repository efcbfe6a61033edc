import { keep, scope } from '../autodiff/scope.ts';
import { type PackedTensor, Tensor } from '../autodiff/tensor.ts';
import type { Shape } from '../backend/backend.ts';
import type { Nf4Handles } from '../backend/fused.ts';
import { sizeOf } from '../backend/shapes.ts';
import { dynamicLevels, nf4Block, nf4Levels, quantizeNf4, scaleBlock } from '../formats/nf4.ts';
import {
  add,
  cast,
  concat,
  filled,
  fromValues,
  gatherRows,
  multiply,
  reshape,
  slice,
  transpose,
} from '../ops/index.ts';

/** The parts of a quantised weight, as `Nf4Handles` describes them. */
type Nf4Parts = Readonly<Record<'codes' | 'scales' | 'nestedScales' | 'offset', Tensor>>;

/** Both levels a byte of codes stands for: the even weight first. */
const levelPairs = Float32Array.from({ length: 512 }, (_, place) => {
  const byte = place >> 1;
  return nf4Levels[place % 2 === 0 ? byte >> 4 : byte & 15] ?? 0;
});

function handlesOf({ codes, scales, nestedScales, offset }: Nf4Parts): Nf4Handles {
  return {
    codes: codes.handle,
    scales: scales.handle,
    nestedScales: nestedScales.handle,
    offset: offset.handle,
  };
}

function quantize(weight: Tensor): Nf4Parts {
  const { backend } = weight;
  const hold = (part: Tensor) => keep(part);
  if (backend.fused) {
    const handles = backend.fused.quantizeNf4(weight.handle);
    const wrap = (handle: Tensor['handle']) => hold(new Tensor(backend, handle));
    return {
      codes: wrap(handles.codes),
      scales: wrap(handles.scales),
      nestedScales: wrap(handles.nestedScales),
      offset: wrap(handles.offset),
    };
  }
  const values = scope(() => ({ ...quantizeNf4(Float32Array.from(cast(weight, 'float32').values())) }));
  const { codes, scales, nestedScales, offset } = values;
  return {
    codes: hold(fromValues(backend, codes, [codes.length], 'uint8')),
    scales: hold(fromValues(backend, scales, [scales.length], 'uint8')),
    nestedScales: hold(fromValues(backend, nestedScales, [nestedScales.length], 'float32')),
    offset: hold(filled(backend, [], offset)),
  };
}

/** x `[n]` with zeros behind it up to `[length]`. */
function lengthened(x: Tensor, length: number): Tensor {
  const missing = length - x.size;
  return missing === 0 ? x : concat([x, filled(x.backend, [missing], 0)], 0);
}

/** Rows of a table at the uint8 indices of a tensor. */
function lookUp(table: Float32Array, shape: Shape, indices: Tensor): Tensor {
  return gatherRows(fromValues(indices.backend, table, shape, 'float32'), cast(indices, 'int32'));
}

/** Two roundings, as in the library that defined the format: the levels times their factor, then the offset. */
function restoreScales({ scales, nestedScales, offset }: Nf4Parts): Tensor {
  const groups = nestedScales.size;
  const levels = lengthened(lookUp(dynamicLevels, [256], scales), groups * scaleBlock);
  const scaled = multiply(reshape(levels, [groups, scaleBlock]), reshape(nestedScales, [groups, 1]));
  return slice(reshape(add(scaled, offset), [groups * scaleBlock]), [0], [scales.size]);
}

function dequantize(parts: Nf4Parts, shape: Shape, dtype: 'float32' | 'bfloat16'): Tensor {
  const { codes, scales } = parts;
  const { backend } = codes;
  if (backend.fused) return new Tensor(backend, backend.fused.dequantizeNf4(handlesOf(parts), shape, dtype));
  return scope(() => {
    const blocks = scales.size;
    const levels = reshape(lookUp(levelPairs, [256, 2], codes), [2 * codes.size]);
    const padded = reshape(lengthened(levels, blocks * nf4Block), [blocks, nf4Block]);
    const values = multiply(padded, reshape(restoreScales(parts), [blocks, 1]));
    const flat = slice(reshape(values, [blocks * nf4Block]), [0], [sizeOf(shape)]);
    return cast(reshape(flat, shape), dtype);
  });
}

/**
 * A matrix in NF4 with double quantisation (https://arxiv.org/abs/2305.14314), 4.127 bits a weight. As in bitsandbytes,
 * blocks run along a layer's inputs: a matrix stored `[in, out]` is turned before it is quantised.
 */
export class Nf4Weight implements PackedTensor {
  readonly shape: Shape;
  readonly dtype: 'float32' | 'bfloat16';
  private readonly parts: Nf4Parts;
  private readonly turned: boolean;

  /**
   * @param weight `[out, in]`, or `[in, out]` where `layout` says so; stays the caller's
   * @param dtype in which it is computed with
   */
  constructor(weight: Tensor, layout: 'outIn' | 'inOut', dtype: 'float32' | 'bfloat16') {
    this.shape = weight.shape;
    this.dtype = dtype;
    this.turned = layout === 'inOut';
    this.parts = scope(() => quantize(this.turned ? transpose(weight, [1, 0]) : weight));
  }

  unpack(): Tensor {
    const [first = 0, second = 0] = this.shape;
    if (!this.turned) return dequantize(this.parts, this.shape, this.dtype);
    return scope(() => transpose(dequantize(this.parts, [second, first], this.dtype), [1, 0]));
  }

  multiplyFew(x: Tensor, bias: Tensor | null): Tensor | null {
    const { backend } = x;
    const inFeatures = x.shape.at(-1) ?? 0;
    if (!backend.fused || inFeatures % nf4Block !== 0) return null;
    const outputs = this.shape[this.turned ? 1 : 0] ?? 0;
    const product = backend.fused.narrowProductNf4(
      x.handle,
      handlesOf(this.parts),
      outputs,
      bias && bias.handle,
    );
    return new Tensor(backend, product);
  }

  dispose(): void {
    for (const part of Object.values(this.parts)) part.dispose();
  }
}
