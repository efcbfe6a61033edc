import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, Handle, HostValues, Shape } from '../../../../src-main/engine/backend/backend.ts';
import { sizeOf } from '../../../../src-main/engine/backend/shapes.ts';
import { Float64Backend } from '../../../gradients/float64Backend.ts';
import { type BackendKind, openBackend, testedKinds } from './testBackends.ts';

const reference = new Float64Backend();
const kinds: readonly BackendKind[] = [...testedKinds, 'cpu'];

const number = (index: number): number => Math.fround(Math.sin(index * 12.9898 + 0.7) * 2);

/** Inputs made of plain descriptions, so that each backend can make its own. */
interface Maker {
  floats(shape: Shape, place?: (value: number) => number): Handle;
  integers(values: readonly number[], shape?: Shape): Handle;
  bools(values: readonly number[], shape: Shape): Handle;
}

type Primitive = (backend: Backend, make: Maker) => Handle | Handle[];

const positive = (value: number): number => Math.abs(value) + 0.1;

const unaries: Record<string, Primitive> = Object.fromEntries(
  (
    [
      ['negate'],
      ['exp'],
      ['log', positive],
      ['sqrt', positive],
      ['rsqrt', positive],
      ['square'],
      ['reciprocal', positive],
      ['absolute'],
      ['tanh'],
      ['sigmoid'],
      ['erf'],
      ['sin'],
      ['cos'],
      ['isFinite'],
    ] as const
  ).map(([operation, place]): [string, Primitive] => [
    operation,
    (backend, make) => backend.unary(operation, make.floats([2, 3, 5], place)),
  ]),
);

const binaries: Record<string, Primitive> = Object.fromEntries(
  (
    [
      'add',
      'subtract',
      'multiply',
      'divide',
      'maximum',
      'minimum',
      'equal',
      'greater',
      'greaterEqual',
      'less',
    ] as const
  ).flatMap((operation): [string, Primitive][] => [
    [
      operation,
      (backend, make) => backend.binary(operation, make.floats([2, 3, 5]), make.floats([2, 3, 5], positive)),
    ],
    [
      `${operation}, broadcast`,
      (backend, make) => backend.binary(operation, make.floats([2, 1, 5]), make.floats([4, 1], positive)),
    ],
    [
      `${operation} of int32`,
      (backend, make) =>
        operation === 'divide'
          ? make.integers([1])
          : backend.binary(operation, make.integers([1, 2, 3, 4], [2, 2]), make.integers([3, 2])),
    ],
  ]),
);

const matrixCases: Record<string, Primitive> = Object.fromEntries(
  (
    [
      [[], []],
      [[3], [3]],
      [[3], []],
      [[], [3]],
      [[2, 3], [3]],
      [
        [2, 1],
        [1, 3],
      ],
      [[2, 1], []],
      [
        [2, 3],
        [2, 3],
      ],
    ] as const
  ).flatMap(([leadA, leadB]) =>
    [0, 1, 2, 3].map((which): [string, Primitive] => {
      const transposeA = (which & 2) > 0;
      const transposeB = (which & 1) > 0;
      const a = [...leadA, ...(transposeA ? [5, 4] : [4, 5])];
      const b = [...leadB, ...(transposeB ? [7, 5] : [5, 7])];
      return [
        `matmul [${a}]${transposeA ? 'ᵀ' : ''} · [${b}]${transposeB ? 'ᵀ' : ''}`,
        (backend, make) => backend.matmul(make.floats(a), make.floats(b), transposeA, transposeB),
      ];
    }),
  ),
);

const primitives: Record<string, Primitive> = {
  ...unaries,
  ...binaries,
  ...matrixCases,
  power: (backend, make) => backend.binary('power', make.floats([7], positive), make.floats([7])),
  logicalNot: (backend, make) => backend.unary('logicalNot', make.bools([0, 1, 1, 0], [2, 2])),
  logicalAnd: (backend, make) =>
    backend.binary('logicalAnd', make.bools([0, 1, 1, 0], [4]), make.bools([1], [1])),
  logicalOr: (backend, make) =>
    backend.binary('logicalOr', make.bools([0, 1, 1, 0], [4]), make.bools([0], [1])),
  'isFinite of infinities': (backend, make) =>
    backend.unary(
      'isFinite',
      backend.unary(
        'log',
        make.floats([3], () => 0),
      ),
    ),
  fill: (backend) => [
    backend.fill([2, 3], 1.5, 'float32'),
    backend.fill([], -4, 'int32'),
    backend.fill([3], 7, 'int32'),
    backend.fill([3], 1, 'bool'),
    backend.fill([0, 3], 1, 'float32'),
  ],
  cast: (backend, make) => [
    backend.cast(make.integers([-1, 0, 2]), 'float32'),
    backend.cast(
      make.floats([4], (value) => value * 3),
      'int32',
    ),
    backend.cast(make.bools([0, 1], [2]), 'float32'),
    backend.cast(make.bools([0, 1], [2]), 'int32'),
    backend.cast(make.floats([3]), 'float32'),
  ],
  reshape: (backend, make) => backend.reshape(make.floats([2, 3, 4]), [4, 6]),
  'reshape to a scalar': (backend, make) => backend.reshape(make.floats([1, 1]), []),
  transpose: (backend, make) => backend.transpose(make.floats([2, 3, 4, 5]), [3, 1, 0, 2]),
  'transpose of int32': (backend, make) =>
    backend.transpose(make.integers([1, 2, 3, 4, 5, 6], [2, 3]), [1, 0]),
  slice: (backend, make) => backend.slice(make.floats([4, 5, 6]), [1, 0, 3], [2, 5, 1]),
  concat: (backend, make) =>
    backend.concat([make.floats([2, 1, 3]), make.floats([2, 4, 3]), make.floats([2, 2, 3])], 1),
  'concat of one': (backend, make) => backend.concat([make.floats([2, 3])], 0),
  'concat of int32': (backend, make) => backend.concat([make.integers([1, 2]), make.integers([3])], 0),
  pad: (backend, make) =>
    backend.pad(make.floats([2, 3]), [
      [0, 2],
      [1, 0],
    ]),
  broadcastTo: (backend, make) => backend.broadcastTo(make.floats([3, 1]), [2, 3, 4]),
  select: (backend, make) =>
    backend.select(make.bools([1, 0, 0, 1, 1, 0], [2, 3]), make.floats([2, 3]), make.floats([], positive)),
  'sum of columns': (backend, make) => backend.reduce('sum', make.floats([3, 4, 5]), [0, 1], false),
  'sum keeping axes': (backend, make) => backend.reduce('sum', make.floats([3, 4, 5]), [0, 1], true),
  'sum of rows': (backend, make) => backend.reduce('sum', make.floats([3, 4, 5]), [-1], true),
  'sum of all': (backend, make) => backend.reduce('sum', make.floats([3, 4, 5]), [0, 1, 2], false),
  'sum of a scalar': (backend, make) => backend.reduce('sum', make.floats([]), [], false),
  'sum over nothing': (backend) => backend.reduce('sum', backend.fill([0, 3], 1, 'float32'), [0], false),
  mean: (backend, make) => backend.reduce('mean', make.floats([3, 4, 5]), [1], false),
  maximum: (backend, make) => backend.reduce('maximum', make.floats([3, 4, 5]), [0, 2], true),
  argMax: (backend, make) => [
    backend.argMax(make.floats([3, 4, 5]), 2),
    backend.argMax(make.floats([3, 4]), 0),
  ],
  softmax: (backend, make) => backend.softmax(make.floats([2, 3, 5], (value) => value * 20)),
  'softmax of masked rows': (backend, make) =>
    backend.softmax(make.floats([2, 3], () => -3.4028234663852886e38)),
  logSoftmax: (backend, make) => backend.logSoftmax(make.floats([2, 5], (value) => value * 20)),
  softmaxCrossEntropy: (backend, make) => {
    const { losses, gradient } = backend.softmaxCrossEntropy(make.floats([3, 4]), make.integers([0, 3, 1]));
    return [losses, gradient];
  },
  gather: (backend, make) => backend.gather(make.floats([5, 3]), make.integers([4, 0, 0, 2], [2, 2])),
  scatterAdd: (backend, make) => backend.scatterAdd(make.integers([1, 3, 1, 1]), make.floats([4, 3]), 5),
  randomUniform: (backend) => [
    backend.randomUniform([3, 3], 5, 9),
    backend.randomUniform([8], 2 ** 40 + 3, 2 ** 35 + 1),
    backend.randomUniform([5], -8, 0),
  ],
  dropoutFactors: (backend) => [
    backend.dropoutFactors([3, 3], 0.3, 5, 9),
    backend.dropoutFactors([4, 6], 0.5, -2, 2 ** 35 + 1),
  ],
};

/** Runs a primitive and reads its results; every handle must be gone afterwards. */
function results(
  backend: Backend,
  primitive: Primitive,
): { values: number[]; shape: Shape; dtype: string }[] {
  const before = backend.liveHandles;
  const made = new Set<Handle>();
  let count = 0;
  const upload = (values: HostValues, shape: Shape, dtype: 'float32' | 'int32' | 'bool'): Handle => {
    const handle = backend.upload(values, shape, dtype);
    made.add(handle);
    return handle;
  };
  const recorded = new Proxy(backend, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...inputs: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, inputs);
        for (const part of name === 'softmaxCrossEntropy' && result ? Object.values(result) : [result]) {
          if (typeof part === 'object' && part !== null && 'dtype' in part) made.add(part as Handle);
        }
        return result;
      };
    },
  });
  const outputs = primitive(recorded, {
    floats: (shape, place = (value) => value) =>
      upload(
        Float32Array.from({ length: sizeOf(shape) }, () => place(number(count++))),
        shape,
        'float32',
      ),
    integers: (values, shape = [values.length]) => upload(Int32Array.from(values), shape, 'int32'),
    bools: (values, shape) => upload(Uint8Array.from(values), shape, 'bool'),
  });
  const read = [outputs].flat().map((handle) => ({
    values: Array.from(backend.download(handle)),
    shape: handle.shape,
    dtype: handle.dtype,
  }));
  for (const handle of made) backend.release(handle);
  expect(backend.liveHandles).toBe(before);
  return read;
}

describe.each(kinds)('primitives on the %s backend', (kind) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(kind);
  });

  it.each(Object.entries(primitives))('%s', (_, primitive) => {
    const actual = results(backend, primitive);
    const expected = results(reference, primitive);
    expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
      expected.map(({ shape, dtype }) => ({ shape, dtype })),
    );
    actual.forEach(({ values, dtype }, index) => {
      const wanted = (expected[index]?.values ?? []).map((value) =>
        dtype === 'int32' ? Math.trunc(value) : value,
      );
      expect(values.length).toBe(wanted.length);
      values.forEach((value, position) => {
        const right = wanted[position] ?? NaN;
        const close =
          Object.is(value, right) || Math.abs(value - right) <= 3e-6 * Math.max(1, Math.abs(right));
        if (!close) expect.fail(`element ${position}: ${value} instead of ${right}`);
      });
    });
  });

  it('takes and gives raw 16-bit patterns', () => {
    for (const dtype of ['bfloat16', 'float16'] as const) {
      for (const length of [1, 3, 4]) {
        const patterns = Uint16Array.from({ length }, (_, index) => 0x3c00 + 37 * index);
        const handle = backend.upload(patterns, [length, 1], dtype);
        const wide = backend.cast(handle, 'float32');
        const back = backend.cast(wide, dtype);
        expect(handle.dtype).toBe(dtype);
        expect(handle.shape).toEqual([length, 1]);
        expect(backend.download(handle)).toEqual(patterns);
        expect(backend.download(back)).toEqual(patterns);
        for (const each of [handle, wide, back]) backend.release(each);
      }
    }
  });

  it('rounds to nearest even when casting to 16 bits', () => {
    const values = backend.upload(
      Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, -1 - 2 ** -8),
      [3],
      'float32',
    );
    const rounded = backend.cast(values, 'bfloat16');
    expect(Array.from(backend.download(rounded))).toEqual([0x3f80, 0x3f82, 0xbf80]);
    backend.release(values);
    backend.release(rounded);
  });

  it('keeps bytes', () => {
    const bytes = backend.upload(Uint8Array.of(0, 127, 255), [3], 'uint8');
    expect(bytes.dtype).toBe('uint8');
    expect(backend.download(bytes)).toEqual(Uint8Array.of(0, 127, 255));
    backend.release(bytes);
  });

  it('copies what it is given and what it gives', () => {
    // The native library shares memory that happens to be aligned: one of these places is.
    for (let place = 0; place < 64; place += 4) {
      const source = new Float32Array(new ArrayBuffer(64 + 4 * 4096), place, 4096).fill(1);
      const handle = backend.upload(source, [4096], 'float32');
      source.fill(2);
      backend.download(handle).fill(3);
      expect(backend.download(handle)[4095]).toBe(1);
      backend.release(handle);
    }
  });

  it('stays right over more shapes than it remembers', () => {
    const before = backend.liveHandles;
    const handle = backend.upload(new Float32Array(5000).fill(1), [5000], 'float32');
    for (let length = 1; length <= 5000; length++) {
      const part = backend.slice(handle, [5000 - length], [length]);
      if (part.shape[0] !== length) expect.fail(`A part of ${length} has shape [${part.shape}]`);
      backend.release(part);
    }
    backend.release(handle);
    expect(backend.liveHandles).toBe(before);
  });

  it('refuses wrong values, double release and use after release', () => {
    const before = backend.liveHandles;
    expect(() => backend.upload(new Float32Array(3), [2], 'float32')).toThrow('3 values do not fill');
    expect(() => backend.upload(new Int32Array(2), [2], 'float32')).toThrow('cannot be made of');
    const handle = backend.fill([2], 1, 'float32');
    backend.release(handle);
    expect(() => backend.release(handle)).toThrow();
    expect(() => backend.unary('exp', handle)).toThrow('released tensor');
    expect(() => backend.unary('exp', reference.fill([1], 1, 'float32'))).toThrow('another backend');
    const [a, b] = [backend.fill([2, 3], 1, 'float32'), backend.fill([2, 3], 1, 'float32')];
    expect(() => backend.matmul(a, b, false, false)).toThrow();
    backend.release(a);
    backend.release(b);
    expect(backend.liveHandles).toBe(before);
  });

  it('drops the wanted share and keeps the mean', () => {
    const handle = backend.dropoutFactors([100, 100], 0.25, 11, 4);
    const values = backend.download(handle);
    backend.release(handle);
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(dropped).toBeGreaterThan(0.23);
    expect(dropped).toBeLessThan(0.27);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  });
});
