import type {
  Backend,
  BinaryOperation,
  DType,
  Handle,
  HostValues,
  Reduction,
  Shape,
  UnaryOperation,
} from '../../src-main/engine/backend/backend.ts';
import { philoxFactors, philoxUniform } from '../../src-main/engine/backend/philox.ts';
import { broadcastShapes, normalizeAxes, sizeOf } from '../../src-main/engine/backend/shapes.ts';

class ExactHandle implements Handle {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: Float64Array;
  released = false;

  constructor(shape: Shape, dtype: DType, values: Float64Array) {
    this.shape = shape;
    this.dtype = dtype;
    this.values = values;
  }
}

/** erf by its series, and by the continued fraction of erfc where that converges faster; close to double precision. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; n < 100 && Math.abs(term) > 1e-18; n++) {
      term *= (-x * x) / n;
      total += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * (size + fraction)));
}

const unaryFunctions: Readonly<Record<UnaryOperation, (x: number) => number>> = {
  negate: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  absolute: Math.abs,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf,
  sin: Math.sin,
  cos: Math.cos,
  isFinite: (x) => Number(Number.isFinite(x)),
  logicalNot: (x) => Number(x === 0),
};

const binaryFunctions: Readonly<Record<BinaryOperation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  power: Math.pow,
  equal: (a, b) => Number(a === b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  logicalAnd: (a, b) => Number(a !== 0 && b !== 0),
  logicalOr: (a, b) => Number(a !== 0 || b !== 0),
};

const logical = /^(isFinite|logical|equal|greater|less)/;

/** Position in the flat values of a tensor of `shape`, of `index` in a tensor of a shape it broadcasts to. */
function broadcastOffset(index: readonly number[], shape: Shape): number {
  const added = index.length - shape.length;
  return shape.reduce(
    (offset, length, axis) => offset * length + (length === 1 ? 0 : (index[axis + added] ?? 0)),
    0,
  );
}

function* indicesOf(shape: Shape): Generator<readonly number[]> {
  const size = sizeOf(shape);
  for (let flat = 0; flat < size; flat++) {
    const index: number[] = [];
    for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
      const length = shape[axis] ?? 1;
      index.unshift(rest % length);
      rest = Math.floor(rest / length);
    }
    yield index;
  }
}

const flat = (index: readonly number[], shape: Shape): number =>
  shape.reduce((offset, length, axis) => offset * length + (index[axis] ?? 0), 0);

/**
 * The backend interface written out plainly in float64: slow, and simple enough to be the standard the real backends and
 * the operations' gradients are held to.
 */
export class Float64Backend implements Backend {
  readonly name = 'portable';
  readonly device = 'float64 reference';
  readonly libraryVersion = '0';
  readonly matrixTypes: readonly DType[] = ['float32'];
  liveHandles = 0;

  exact(x: Handle): Float64Array {
    return this.valuesOf(x);
  }

  uploadExact(values: Float64Array, shape: Shape): Handle {
    return this.make(shape, 'float32', values.slice());
  }

  upload(values: HostValues, shape: Shape, dtype: DType): Handle {
    return this.make(shape, dtype, Float64Array.from(values));
  }

  download(x: Handle): HostValues {
    const values = this.valuesOf(x);
    if (x.dtype === 'int32') return Int32Array.from(values);
    return x.dtype === 'bool' || x.dtype === 'uint8' ? Uint8Array.from(values) : Float32Array.from(values);
  }

  release(x: Handle): void {
    this.valuesOf(x);
    if (x instanceof ExactHandle) x.released = true;
    this.liveHandles--;
  }

  fill(shape: Shape, value: number, dtype: DType): Handle {
    return this.make(shape, dtype, new Float64Array(sizeOf(shape)).fill(value));
  }

  cast(x: Handle, dtype: DType): Handle {
    return this.make(x.shape, dtype, this.valuesOf(x).slice());
  }

  reshape(x: Handle, shape: Shape): Handle {
    return this.make(shape, x.dtype, this.valuesOf(x).slice());
  }

  transpose(x: Handle, permutation: readonly number[]): Handle {
    const shape = permutation.map((axis) => x.shape[axis] ?? 1);
    return this.build(shape, x.dtype, (index) => {
      const from = new Array<number>(index.length);
      permutation.forEach((axis, position) => (from[axis] = index[position] ?? 0));
      return this.at(x, from);
    });
  }

  slice(x: Handle, begin: readonly number[], size: readonly number[]): Handle {
    return this.build(size, x.dtype, (index) =>
      this.at(
        x,
        index.map((position, axis) => position + (begin[axis] ?? 0)),
      ),
    );
  }

  concat(parts: readonly Handle[], axis: number): Handle {
    const [first] = parts;
    if (!first) throw new Error('Nothing to join.');
    const shape = first.shape.map((length, other) =>
      other === axis ? parts.reduce((total, part) => total + (part.shape[axis] ?? 0), 0) : length,
    );
    return this.build(shape, first.dtype, (index) => {
      let position = index[axis] ?? 0;
      for (const part of parts) {
        const length = part.shape[axis] ?? 0;
        if (position < length) return this.at(part, index.with(axis, position));
        position -= length;
      }
      throw new Error('Outside every part.');
    });
  }

  pad(x: Handle, paddings: readonly (readonly [number, number])[]): Handle {
    const shape = x.shape.map(
      (length, axis) => length + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0),
    );
    return this.build(shape, x.dtype, (index) => {
      const from = index.map((position, axis) => position - (paddings[axis]?.[0] ?? 0));
      const inside = from.every((position, axis) => position >= 0 && position < (x.shape[axis] ?? 0));
      return inside ? this.at(x, from) : 0;
    });
  }

  broadcastTo(x: Handle, shape: Shape): Handle {
    return this.build(shape, x.dtype, (index) => this.valuesOf(x)[broadcastOffset(index, x.shape)] ?? NaN);
  }

  unary(operation: UnaryOperation, x: Handle): Handle {
    return this.make(
      x.shape,
      logical.test(operation) ? 'bool' : x.dtype,
      this.valuesOf(x).map(unaryFunctions[operation]),
    );
  }

  binary(operation: BinaryOperation, a: Handle, b: Handle): Handle {
    const apply = binaryFunctions[operation];
    const [left, right] = [this.valuesOf(a), this.valuesOf(b)];
    return this.build(
      broadcastShapes(a.shape, b.shape),
      logical.test(operation) ? 'bool' : a.dtype,
      (index) =>
        apply(left[broadcastOffset(index, a.shape)] ?? NaN, right[broadcastOffset(index, b.shape)] ?? NaN),
    );
  }

  select(condition: Handle, whenTrue: Handle, whenFalse: Handle): Handle {
    const shape = broadcastShapes(condition.shape, broadcastShapes(whenTrue.shape, whenFalse.shape));
    return this.build(shape, whenTrue.dtype, (index) => {
      const chosen = this.valuesOf(condition)[broadcastOffset(index, condition.shape)] ? whenTrue : whenFalse;
      return this.valuesOf(chosen)[broadcastOffset(index, chosen.shape)] ?? NaN;
    });
  }

  reduce(operation: Reduction, x: Handle, axes: readonly number[], keepAxes: boolean): Handle {
    const reduced = normalizeAxes(axes, x.shape.length);
    const kept = x.shape.map((length, axis) => (reduced.includes(axis) ? 1 : length));
    const values = new Float64Array(sizeOf(kept)).fill(operation === 'maximum' ? -Infinity : 0);
    for (const index of indicesOf(x.shape)) {
      const target = broadcastOffset(index, kept);
      const [before, value] = [values[target] ?? 0, this.at(x, index)];
      values[target] = operation === 'maximum' ? Math.max(before, value) : before + value;
    }
    const count = sizeOf(x.shape) / values.length;
    const final = operation === 'mean' ? values.map((value) => value / count) : values;
    return this.make(keepAxes ? kept : x.shape.filter((_, axis) => !reduced.includes(axis)), x.dtype, final);
  }

  argMax(x: Handle, axis: number): Handle {
    const shape = x.shape.filter((_, other) => other !== axis);
    return this.build(shape, 'int32', (index) => {
      let best = 0;
      for (let position = 1; position < (x.shape[axis] ?? 1); position++)
        if (this.at(x, index.toSpliced(axis, 0, position)) > this.at(x, index.toSpliced(axis, 0, best)))
          best = position;
      return best;
    });
  }

  softmax(x: Handle): Handle {
    const logarithms = this.logSoftmax(x);
    const values = this.valuesOf(logarithms).map(Math.exp);
    this.release(logarithms);
    return this.make(x.shape, x.dtype, values);
  }

  logSoftmax(x: Handle): Handle {
    const width = x.shape.at(-1) ?? 1;
    const values = this.valuesOf(x).slice();
    for (let start = 0; start < values.length; start += width) {
      const row = values.subarray(start, start + width);
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
      const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
      row.forEach((value, index) => (row[index] = value - largest - Math.log(total)));
    }
    return this.make(x.shape, x.dtype, values);
  }

  softmaxCrossEntropy(logits: Handle, labels: Handle): { losses: Handle; gradient: Handle } {
    const [rows = 0, classes = 1] = logits.shape;
    const logarithms = this.logSoftmax(logits);
    const values = this.valuesOf(logarithms);
    this.release(logarithms);
    const losses = new Float64Array(rows);
    const gradient = values.map(Math.exp);
    this.valuesOf(labels).forEach((label, row) => {
      losses[row] = -(values[row * classes + label] ?? NaN);
      gradient[row * classes + label] = (gradient[row * classes + label] ?? NaN) - 1;
    });
    return {
      losses: this.make([rows], 'float32', losses),
      gradient: this.make(logits.shape, 'float32', gradient),
    };
  }

  matmul(a: Handle, b: Handle, transposeA: boolean, transposeB: boolean): Handle {
    const sides = (x: Handle, transposed: boolean): readonly [number, number] => {
      const [rows = 1, columns = 1] = x.shape.slice(-2);
      return transposed ? [columns, rows] : [rows, columns];
    };
    const [rows, inner] = sides(a, transposeA);
    const [innerB, columns] = sides(b, transposeB);
    if (inner !== innerB) throw new Error(`Inner sizes ${inner} and ${innerB} differ.`);
    const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
    return this.build(shape, a.dtype, (index) => {
      const [row = 0, column = 0] = index.slice(-2);
      const batch = index.slice(0, -2);
      let total = 0;
      for (let k = 0; k < inner; k++) {
        const left = broadcastOffset([...batch, ...(transposeA ? [k, row] : [row, k])], a.shape);
        const right = broadcastOffset([...batch, ...(transposeB ? [column, k] : [k, column])], b.shape);
        total += (this.valuesOf(a)[left] ?? NaN) * (this.valuesOf(b)[right] ?? NaN);
      }
      return total;
    });
  }

  gather(table: Handle, indices: Handle): Handle {
    const rowShape = table.shape.slice(1);
    const width = sizeOf(rowShape);
    const rows = Array.from(this.valuesOf(indices), (row) => [
      ...this.valuesOf(table).subarray(row * width, (row + 1) * width),
    ]);
    return this.make([...indices.shape, ...rowShape], table.dtype, Float64Array.from(rows.flat()));
  }

  scatterAdd(indices: Handle, updates: Handle, rows: number): Handle {
    const rowShape = updates.shape.slice(1);
    const width = sizeOf(rowShape);
    const values = new Float64Array(rows * width);
    this.valuesOf(indices).forEach((row, position) => {
      for (let column = 0; column < width; column++)
        values[row * width + column] =
          (values[row * width + column] ?? 0) + (this.valuesOf(updates)[position * width + column] ?? NaN);
    });
    return this.make([rows, ...rowShape], updates.dtype, values);
  }

  randomUniform(shape: Shape, seed: number, stream: number): Handle {
    return this.make(shape, 'float32', Float64Array.from(philoxUniform(sizeOf(shape), seed, stream)));
  }

  dropoutFactors(shape: Shape, probability: number, seed: number, stream: number): Handle {
    const factors = philoxFactors(sizeOf(shape), probability, seed, stream);
    return this.make(shape, 'float32', Float64Array.from(factors));
  }

  private at(x: Handle, index: readonly number[]): number {
    return this.valuesOf(x)[flat(index, x.shape)] ?? NaN;
  }

  private build(shape: Shape, dtype: DType, valueAt: (index: readonly number[]) => number): Handle {
    const values = new Float64Array(sizeOf(shape));
    let position = 0;
    for (const index of indicesOf(shape)) values[position++] = valueAt(index);
    return this.make(shape, dtype, values);
  }

  private make(shape: Shape, dtype: DType, values: Float64Array): Handle {
    if (values.length !== sizeOf(shape))
      throw new Error(`${values.length} values do not fill [${shape.join(', ')}].`);
    this.liveHandles++;
    return new ExactHandle(shape, dtype, values);
  }

  private valuesOf(x: Handle): Float64Array {
    if (!(x instanceof ExactHandle) || x.released) throw new Error('A released tensor was used.');
    return x.values;
  }
}
