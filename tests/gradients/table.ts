import type { Tensor } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend, Shape } from '../../src-main/engine/backend/backend.ts';
import * as ops from '../../src-main/engine/ops/index.ts';

/** Sizes and values of a test case, from a seed: the same ones for every backend. */
export interface Draw {
  /** 1 to 6: odd sizes and 1 come up. */
  size(): number;
  integer(below: number): number;
  /** Roughly normal. */
  number(): number;
}

/** One way of calling an operation. */
export interface Case {
  /** Shapes of the inputs that get gradients. */
  readonly shapes: readonly Shape[];
  /** Moves an input's values to where the operation is smooth. */
  readonly place?: (value: number) => number;
  run(inputs: readonly Tensor[], backend: Backend): Tensor;
}

export type OperationName = keyof typeof ops;

const awayFromZero = (value: number): number => value + Math.sign(value || 1) * 0.2;
const positive = (value: number): number => Math.abs(value) + 0.3;

type One = (x: Tensor) => Tensor;
type Two = (a: Tensor, b: Tensor) => Tensor;

function pick(inputs: readonly Tensor[], index: number): Tensor {
  const input = inputs[index];
  if (!input) throw new Error(`The case has no input ${index}.`);
  return input;
}

function unary(operation: One, place?: (value: number) => number) {
  return (draw: Draw): Case => ({
    shapes: [[draw.size(), draw.size(), draw.size()]],
    ...(place ? { place } : {}),
    run: (inputs) => operation(pick(inputs, 0)),
  });
}

/** Equal shapes, and each way to broadcast, by turns. */
function binary(operation: Two, place?: (value: number) => number) {
  let turn = 0;
  return (draw: Draw): Case => {
    const [first, second, third] = [draw.size(), draw.size(), draw.size()];
    const whole = [first, second, third];
    const partial: Shape =
      [whole, [third], [second, 1], [], [first, 1, third], [1, 1, 1]][turn++ % 6] ?? whole;
    return {
      shapes: turn % 2 ? [whole, partial] : [partial, whole],
      ...(place ? { place } : {}),
      run: (inputs) => operation(pick(inputs, 0), pick(inputs, 1)),
    };
  };
}

function indices(draw: Draw, count: number, below: number): number[] {
  return Array.from({ length: count }, () => draw.integer(below));
}

function matmulCase(draw: Draw): Case {
  const [rows, inner, columns, batch, outer] = [
    draw.size(),
    draw.size(),
    draw.size(),
    draw.size(),
    draw.size(),
  ];
  const transposeA = draw.integer(2) === 1;
  const transposeB = draw.integer(2) === 1;
  const leading = [
    [[], []],
    [[batch], []],
    [[], [batch]],
    [[outer, batch], [batch]],
    [
      [outer, 1],
      [1, batch],
    ],
  ][draw.integer(5)] ?? [[], []];
  const a = transposeA ? [inner, rows] : [rows, inner];
  const b = transposeB ? [columns, inner] : [inner, columns];
  return {
    shapes: [
      [...(leading[0] ?? []), ...a],
      [...(leading[1] ?? []), ...b],
    ],
    run: (inputs) => ops.matmul(pick(inputs, 0), pick(inputs, 1), { transposeA, transposeB }),
  };
}

function linearCase(draw: Draw): Case {
  const [inner, outer] = [draw.size(), draw.size()];
  const leading = [[draw.size()], [draw.size(), draw.size()], [2, 1, draw.size()]][draw.integer(3)] ?? [];
  const layout = draw.integer(2) ? 'outIn' : 'inOut';
  const bias = draw.integer(3) > 0 ? [[outer]] : [];
  const added = draw.integer(2) ? [[...leading, outer]] : [];
  return {
    shapes: [[...leading, inner], layout === 'outIn' ? [outer, inner] : [inner, outer], ...bias, ...added],
    run: (inputs) =>
      ops.linear(
        pick(inputs, 0),
        pick(inputs, 1),
        bias.length > 0 ? pick(inputs, 2) : null,
        layout,
        added.length > 0 ? pick(inputs, 2 + bias.length) : null,
      ),
  };
}

function geluCase(operation: typeof ops.gelu) {
  return (draw: Draw): Case => {
    const width = draw.size();
    const hasBias = draw.integer(2) === 1;
    return {
      shapes: [[draw.size(), draw.size(), width], ...(hasBias ? [[width]] : [])],
      run: (inputs) => operation(pick(inputs, 0), hasBias ? pick(inputs, 1) : null),
    };
  };
}

interface AttentionSizes {
  readonly batch: number;
  readonly groups: number;
  readonly heads: number;
  readonly queryTime: number;
  readonly keyTime: number;
  readonly headSize: number;
}

/** Ends of rows for all queries, or a range that each query stands in; and the shape they have. */
function drawRanges(draw: Draw, { batch, queryTime, keyTime }: AttentionSizes) {
  if (draw.integer(2)) {
    const ends = Array.from({ length: batch }, () => [0, 1 + draw.integer(keyTime)]);
    return { pairs: ends.flat(), shape: [batch, 1, 2] };
  }
  const ranges = Array.from({ length: queryTime }, (_, query) => {
    const own = Math.min(keyTime - 1, query);
    return [draw.integer(own + 1), own + 1 + draw.integer(keyTime - own)];
  });
  return { pairs: ranges.flat(), shape: [1, queryTime, 2] };
}

function attentionCase(
  draw: Draw,
  shapesOf: (sizes: AttentionSizes) => readonly Shape[],
  operation: (
    inputs: readonly Tensor[],
    sizes: AttentionSizes,
    options: Parameters<typeof ops.attention>[3],
  ) => Tensor,
): Case {
  const [batch, groups, group] = [1 + draw.integer(3), 1 + draw.integer(2), 1 + draw.integer(3)];
  const [queryTime, headSize] = [1 + draw.integer(4), 1 + draw.integer(4)];
  const causal = draw.integer(2) === 1;
  const keyTime = causal ? queryTime + draw.integer(3) : 1 + draw.integer(5);
  const masked = draw.integer(2) === 1;
  const sizes = { batch, groups, heads: groups * group, queryTime, keyTime, headSize };
  const limits = draw.integer(2) ? drawRanges(draw, sizes) : null;
  const probability = draw.integer(3) === 0 ? 0.4 : 0;
  return {
    shapes: shapesOf(sizes),
    run: (inputs, backend) => {
      const lengths = Array.from({ length: batch }, (_, row) => 1 + (row % keyTime));
      const seen = lengths.flatMap((length) =>
        Array.from({ length: keyTime }, (_, position) => Number(position < length)),
      );
      const mask =
        masked && !limits ? ops.paddingMask(ops.indicesFrom(backend, seen, [batch, keyTime])) : null;
      const ranges = limits && ops.indicesFrom(backend, limits.pairs, limits.shape);
      const dropout = { probability, random: { seed: 5, next: () => 17 } };
      return operation(inputs, sizes, { mask, causal, ranges, dropout });
    },
  };
}

const headsFirst = ({ batch, heads, groups, queryTime, keyTime, headSize }: AttentionSizes): Shape[] => [
  [batch, heads, queryTime, headSize],
  [batch, groups, keyTime, headSize],
  [batch, groups, keyTime, headSize],
];

function crossEntropyCase(draw: Draw): Case {
  const [rows, classes] = [draw.size(), draw.size()];
  const labels = indices(draw, rows, classes);
  const weights = draw.integer(2) ? Float32Array.from({ length: rows }, () => 0.5 + draw.integer(4)) : null;
  return {
    shapes: [[rows, classes]],
    run: (inputs, backend) =>
      ops.crossEntropy(
        pick(inputs, 0),
        ops.indicesFrom(backend, labels),
        weights ? ops.fromValues(backend, weights, [rows], 'float32') : undefined,
      ),
  };
}

/** Every differentiable operation and how to call it. A new operation is one line here. */
export const differentiableOperations: Partial<Record<OperationName, (draw: Draw) => Case>> = {
  add: binary(ops.add),
  subtract: binary(ops.subtract),
  multiply: binary(ops.multiply),
  divide: binary(ops.divide, awayFromZero),
  scale: unary((x) => ops.scale(x, -1.7)),
  addScalar: unary((x) => ops.addScalar(x, 0.3)),
  relu: unary(ops.relu, awayFromZero),
  tanh: unary(ops.tanh),
  sigmoid: unary(ops.sigmoid),
  exp: unary(ops.exp),
  log: unary(ops.log, positive),
  sqrt: unary(ops.sqrt, positive),
  square: unary(ops.square),
  gelu: geluCase(ops.gelu),
  geluTanh: geluCase(ops.geluTanh),
  silu: unary(ops.silu),
  hadamard: (draw) => ({
    shapes: [[2 ** draw.integer(5)]],
    run: (inputs) => ops.hadamard(pick(inputs, 0)),
  }),
  siluGate: (draw) => {
    const shape = [draw.size(), draw.size()];
    return { shapes: [shape, shape], run: (inputs) => ops.siluGate(pick(inputs, 0), pick(inputs, 1)) };
  },
  softmax: unary(ops.softmax),
  logSoftmax: unary(ops.logSoftmax),
  maskedSoftmax: (draw) => {
    const [rows, columns] = [draw.size(), draw.size()];
    return {
      shapes: [[draw.size(), 2, rows, columns]],
      run: (inputs, backend) => {
        const hidden = Array.from({ length: columns }, (_, column) => Number(column % 3 !== 2));
        const mask = ops.paddingMask(ops.indicesFrom(backend, hidden, [1, columns]));
        return ops.maskedSoftmax(pick(inputs, 0), mask, 0.7);
      },
    };
  },
  cast: unary((x) => ops.cast(x, 'float32')),
  dropout: unary((x) => ops.dropout(x, 0.3, { seed: 3, next: () => 8 })),
  matmul: matmulCase,
  linear: linearCase,
  embedding: (draw) => {
    const [rows, width, batch, time] = [draw.size(), draw.size(), draw.size(), draw.size()];
    const ids = indices(draw, batch * time, rows);
    return {
      shapes: [[rows, width]],
      run: (inputs, backend) => ops.embedding(pick(inputs, 0), ops.indicesFrom(backend, ids, [batch, time])),
    };
  },
  gatherRows: (draw) => {
    const [rows, width, count] = [draw.size(), draw.size(), draw.size()];
    const chosen = indices(draw, count, rows);
    return {
      shapes: [[rows, width, 2]],
      run: (inputs, backend) => ops.gatherRows(pick(inputs, 0), ops.indicesFrom(backend, chosen)),
    };
  },
  layerNorm: (draw) => {
    const width = 1 + draw.size();
    const shape = [draw.size(), draw.size(), width];
    const adds = draw.integer(2) === 1;
    return {
      shapes: [shape, [width], [width], ...(adds ? [shape] : [])],
      run: (inputs) => {
        const residual = adds ? pick(inputs, 3) : null;
        return ops.layerNorm(pick(inputs, 0), pick(inputs, 1), pick(inputs, 2), 1e-2, residual);
      },
    };
  },
  rmsNorm: (draw) => {
    const width = draw.size();
    return {
      shapes: [[draw.size(), draw.size(), width], [width]],
      run: (inputs) => ops.rmsNorm(pick(inputs, 0), pick(inputs, 1), 1e-2),
    };
  },
  attention: (draw) =>
    attentionCase(draw, headsFirst, (inputs, _, options) =>
      ops.attention(pick(inputs, 0), pick(inputs, 1), pick(inputs, 2), options),
    ),
  attentionOfRows: (draw) =>
    attentionCase(
      draw,
      ({ batch, heads, groups, queryTime, keyTime, headSize }) => [
        [batch, queryTime, heads * headSize],
        [batch, keyTime, groups * headSize],
        [batch, keyTime, groups * headSize],
      ],
      (inputs, { heads }, options) =>
        ops.attentionOfRows(pick(inputs, 0), pick(inputs, 1), pick(inputs, 2), heads, options),
    ),
  scoredAttention: (draw) =>
    attentionCase(draw, headsFirst, (inputs, _, options) =>
      ops.scoredAttention(pick(inputs, 0), pick(inputs, 1), pick(inputs, 2), options, ops.tanh),
    ),
  biasedAttention: (draw) =>
    attentionCase(
      draw,
      (sizes) => [...headsFirst(sizes), [1, sizes.heads, sizes.queryTime, sizes.keyTime]],
      (inputs, _, options) =>
        ops.biasedAttention(pick(inputs, 0), pick(inputs, 1), pick(inputs, 2), pick(inputs, 3), {
          ...options,
          mask: null,
        }),
    ),
  rope: (draw) => {
    const [batch, time, half] = [1 + draw.integer(2), draw.size(), 1 + draw.integer(3)];
    const rest = draw.integer(3);
    const rows = draw.integer(2) ? batch : 1;
    const positions = Array.from({ length: rows }, (_, row) =>
      indices(draw, time, 9).map((place) => place + row),
    );
    return {
      shapes: [[batch, 2, time, 2 * half + rest]],
      run: (inputs, backend) => {
        const tables = ops.ropeTables(backend, positions, ops.inverseFrequencies(2 * half, 100));
        return ops.rope(pick(inputs, 0), tables);
      },
    };
  },
  reshape: (draw) => {
    const [first, second] = [draw.size(), draw.size()];
    return {
      shapes: [[first, second, 2]],
      run: (inputs) => ops.reshape(pick(inputs, 0), [second, -1]),
    };
  },
  transpose: (draw) => {
    const permutation =
      [
        [1, 0, 2, 3],
        [0, 2, 1, 3],
        [3, 0, 1, 2],
        [3, 2, 1, 0],
      ][draw.integer(4)] ?? [];
    return {
      shapes: [[draw.size(), draw.size(), draw.size(), draw.size()]],
      run: (inputs) => ops.transpose(pick(inputs, 0), permutation),
    };
  },
  splitHeads: (draw) => {
    const heads = draw.size();
    return {
      shapes: [[draw.size(), draw.size(), heads * draw.size()]],
      run: (inputs) => ops.splitHeads(pick(inputs, 0), heads),
    };
  },
  mergeHeads: (draw) => ({
    shapes: [[draw.size(), draw.size(), draw.size(), draw.size()]],
    run: (inputs) => ops.mergeHeads(pick(inputs, 0)),
  }),
  slice: (draw) => {
    const shape = [draw.size(), draw.size(), draw.size()];
    const begin = shape.map((length) => draw.integer(length));
    const size = shape.map((length, axis) => {
      const most = length - (begin[axis] ?? 0);
      return draw.integer(2) ? -1 : 1 + draw.integer(most);
    });
    return { shapes: [shape], run: (inputs) => ops.slice(pick(inputs, 0), begin, size) };
  },
  concat: (draw) => {
    const axis = draw.integer(3);
    const shape = [draw.size(), draw.size(), draw.size()];
    return {
      shapes: Array.from({ length: 1 + draw.integer(3) }, () => shape.with(axis, draw.size())),
      run: (inputs) => ops.concat(inputs, axis - (draw.integer(1) ? 3 : 0)),
    };
  },
  broadcastTo: (draw) => {
    const [first, second, third] = [draw.size(), draw.size(), draw.size()];
    const from: Shape = [[third], [second, 1], [1, third], []][draw.integer(4)] ?? [];
    return {
      shapes: [from],
      run: (inputs) => ops.broadcastTo(pick(inputs, 0), [first, second, third]),
    };
  },
  sum: (draw) => {
    const axes = [[0], [2], [0, 1], [-1], [1, 2], undefined][draw.integer(6)];
    const keepAxes = draw.integer(2) === 1;
    return {
      shapes: [[draw.size(), draw.size(), draw.size()]],
      run: (inputs) => ops.sum(pick(inputs, 0), axes, keepAxes),
    };
  },
  mean: (draw) => {
    const axes = [[0], [2], [0, 1], [-1], [1, 2], undefined][draw.integer(6)];
    const keepAxes = draw.integer(2) === 1;
    return {
      shapes: [[draw.size(), draw.size(), draw.size()]],
      run: (inputs) => ops.mean(pick(inputs, 0), axes, keepAxes),
    };
  },
  crossEntropy: crossEntropyCase,
  binaryCrossEntropy: (draw) => {
    const [rows, columns] = [draw.size(), draw.size()];
    const shape = [rows, columns];
    const targets = Float32Array.from({ length: rows * columns }, () => draw.integer(2));
    return {
      shapes: [shape],
      run: (inputs, backend) =>
        ops.binaryCrossEntropy(pick(inputs, 0), ops.fromValues(backend, targets, shape, 'float32')),
    };
  },
};

/** Exports that make tensors or numbers no gradient flows through. */
export const withoutGradients: readonly OperationName[] = [
  'writeRows',
  'crossEntropyOfRows',
  'fromValues',
  'filled',
  'indicesFrom',
  'paddingMask',
  'causalMask',
  'rangeMask',
  'combineMasks',
  'argMax',
  'inverseFrequencies',
  'ropeTables',
  'repeatableStream',
  'MASKED',
];
