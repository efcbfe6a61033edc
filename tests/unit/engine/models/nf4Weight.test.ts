import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import { type PackedTensor, Parameter, type Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { fromBfloat16, toBfloat16 } from '../../../../src-main/engine/backend/halfFloats.ts';
import { dynamicLevels, nf4Levels, quantizeNf4 } from '../../../../src-main/engine/formats/nf4.ts';
import { makeTrainable } from '../../../../src-main/engine/methods/ownWeights.ts';
import { Nf4Weight } from '../../../../src-main/engine/models/nf4Weight.ts';
import { cast, fromValues, linear, multiply, sum } from '../../../../src-main/engine/ops/index.ts';
import { openBackend, testedKinds } from '../backend/testBackends.ts';
import { nf4Weights } from '../nf4Weights.ts';
import { loadTestBackend } from '../testBackend.ts';
import { expectLogits } from '../../../parity/closeness.ts';

const rows = 24;
const columns = 33;

/** What the codes stand for, worked out one number at a time. */
function restored(weights: Float32Array): Float32Array {
  const { codes, scales, nestedScales, offset } = quantizeNf4(weights);
  return weights.map((_, index) => {
    const byte = Number(codes[index >> 1]);
    const block = Math.floor(index / 64);
    const level = Number(dynamicLevels[Number(scales[block])]);
    const scale = Math.fround(Math.fround(level * Number(nestedScales[block >> 8])) + offset);
    return Number(nf4Levels[index % 2 === 0 ? byte >> 4 : byte & 15]) * scale;
  });
}

function turn(values: Float32Array, height: number, width: number): Float32Array {
  return values.map((_, index) => Number(values[(index % height) * width + Math.floor(index / height)]));
}

const numbers = (tensor: Tensor): Float32Array => Float32Array.from(tensor.values());

describe.each(['native', ...testedKinds] as const)('a weight in 4 bits on %s', (kind) => {
  let backend: Backend;
  let handlesBefore = 0;
  beforeAll(async () => {
    backend = kind === 'native' ? await loadTestBackend() : await openBackend(kind);
  });
  beforeEach(() => {
    handlesBefore = backend.liveHandles;
  });
  afterEach(() => expect(backend.liveHandles).toBe(handlesBefore));

  const make = (
    values: Float32Array,
    shape: readonly number[],
    ...rest: ['outIn' | 'inOut', 'float32' | 'bfloat16']
  ) =>
    scope(() => ({ packed: new Nf4Weight(fromValues(backend, values, shape, 'float32'), ...rest) })).packed;

  it('comes back as its codes say', () => {
    const values = nf4Weights(rows * columns);
    const packed = make(values, [rows, columns], 'outIn', 'float32');
    scope(() => {
      const unpacked = packed.unpack();
      expect(unpacked.shape).toEqual([rows, columns]);
      expect(numbers(unpacked)).toEqual(restored(values));
    });
    packed.dispose();
  });

  it('has blocks along the inputs also where it is stored the other way', () => {
    const values = nf4Weights(rows * columns);
    const packed = make(turn(values, rows, columns), [columns, rows], 'inOut', 'float32');
    scope(() => {
      const unpacked = packed.unpack();
      expect(unpacked.shape).toEqual([columns, rows]);
      expect(numbers(unpacked)).toEqual(turn(restored(values), rows, columns));
    });
    packed.dispose();
  });

  it('can be computed with in 16 bits', () => {
    const values = nf4Weights(rows * columns);
    const packed = make(values, [rows, columns], 'outIn', 'bfloat16');
    scope(() => {
      const unpacked = packed.unpack();
      expect(unpacked.dtype).toBe('bfloat16');
      const expected = restored(values).map((value) => fromBfloat16(toBfloat16(value)));
      expect(numbers(cast(unpacked, 'float32'))).toEqual(expected);
    });
    packed.dispose();
  });

  it('multiplies like the matrix it stands for, and is nowhere kept', () => {
    const packed = make(nf4Weights(rows * columns), [rows, columns], 'outIn', 'float32');
    const made: Tensor[] = [];
    const counted: PackedTensor = {
      shape: packed.shape,
      dtype: packed.dtype,
      unpack() {
        const tensor = packed.unpack();
        made.push(tensor);
        return tensor;
      },
      dispose: () => packed.dispose(),
    };
    const x = new Parameter('x', fromValues(backend, nf4Weights(2 * columns), [2, columns], 'float32'));
    x.trainable = true;
    const direction = fromValues(backend, nf4Weights(2 * rows), [2, rows], 'float32');
    const gradientWith = (weight: Tensor | PackedTensor): Float32Array => {
      backpropagate([x], () => {
        const output = linear(x.value, weight, null);
        expect(made.every(({ isDisposed }) => isDisposed)).toBe(true);
        return sum(multiply(output, direction));
      });
      const gradient = x.gradient ? numbers(x.gradient) : new Float32Array();
      x.clearGradient();
      return gradient;
    };
    const found = gradientWith(counted);
    expect(made.length).toBe(2);
    expect(made.every(({ isDisposed }) => isDisposed)).toBe(true);
    const dense = keep(packed.unpack());
    expect(found).toEqual(gradientWith(dense));
    for (const tensor of [dense, direction]) tensor.dispose();
    x.dispose();
    packed.dispose();
  });

  it.each(['outIn', 'inOut'] as const)('multiplies a few rows as its values would: %s', (layout) => {
    const [inputs, outputs] = [128, 6];
    const shape = layout === 'outIn' ? [outputs, inputs] : [inputs, outputs];
    const packed = make(nf4Weights(inputs * outputs), shape, layout, 'float32');
    scope(() => {
      const x = fromValues(backend, nf4Weights(3 * inputs), [3, 1, inputs], 'float32');
      const bias = fromValues(backend, nf4Weights(outputs), [outputs], 'float32');
      const found = linear(x, packed, bias, layout);
      expect(found.shape).toEqual([3, 1, outputs]);
      expectLogits(numbers(found), numbers(linear(x, packed.unpack(), bias, layout)), layout);
    });
    packed.dispose();
  });

  it('becomes a float32 tensor before it is trained', () => {
    const values = nf4Weights(rows * columns);
    const parameter = new Parameter('w', make(values, [rows, columns], 'outIn', 'bfloat16'));
    expect(parameter.isPacked).toBe(true);
    makeTrainable(parameter);
    expect([parameter.isPacked, parameter.value.dtype]).toEqual([false, 'float32']);
    expect(numbers(parameter.value)).toEqual(
      restored(values).map((value) => fromBfloat16(toBfloat16(value))),
    );
    parameter.dispose();
  });
});
