import * as tf from '@tensorflow/tfjs-core';
import type {
  Backend,
  BinaryOperation,
  DType,
  Handle,
  HostValues,
  Reduction,
  Shape,
  UnaryOperation,
} from './backend.ts';
import { expandHalves, packHalves } from './halfFloats.ts';
import { philoxFactors, philoxUniform } from './philox.ts';
import { expandedBatch, normalizeAxes, sizeOf } from './shapes.ts';

type StoredType = 'float32' | 'int32' | 'bool';

const storedTypes: Readonly<Record<DType, StoredType>> = {
  float32: 'float32',
  bfloat16: 'float32',
  float16: 'float32',
  int32: 'int32',
  uint8: 'int32',
  bool: 'bool',
};

const unaryKernels: Readonly<Record<UnaryOperation, string>> = {
  negate: tf.Neg,
  exp: tf.Exp,
  log: tf.Log,
  sqrt: tf.Sqrt,
  rsqrt: tf.Rsqrt,
  square: tf.Square,
  reciprocal: tf.Reciprocal,
  absolute: tf.Abs,
  tanh: tf.Tanh,
  sigmoid: tf.Sigmoid,
  erf: tf.Erf,
  sin: tf.Sin,
  cos: tf.Cos,
  isFinite: tf.IsFinite,
  logicalNot: tf.LogicalNot,
};

const binaryKernels: Readonly<Record<BinaryOperation, string>> = {
  add: tf.Add,
  subtract: tf.Sub,
  multiply: tf.Multiply,
  divide: tf.RealDiv,
  maximum: tf.Maximum,
  minimum: tf.Minimum,
  power: tf.Pow,
  equal: tf.Equal,
  greater: tf.Greater,
  greaterEqual: tf.GreaterEqual,
  less: tf.Less,
  logicalAnd: tf.LogicalAnd,
  logicalOr: tf.LogicalOr,
};

const logicalOperations = new Set<UnaryOperation | BinaryOperation>([
  'isFinite',
  'logicalNot',
  'equal',
  'greater',
  'greaterEqual',
  'less',
  'logicalAnd',
  'logicalOr',
]);

type Attributes = Parameters<ReturnType<typeof tf.engine>['runKernel']>[2];

class PortableHandle implements Handle {
  readonly tensor: tf.Tensor;
  readonly dtype: DType;
  released = false;

  constructor(tensor: tf.Tensor, dtype: DType) {
    this.tensor = tensor;
    this.dtype = dtype;
  }

  get shape(): Shape {
    return this.tensor.shape;
  }
}

/** Runs on whichever tfjs backend is set. 16-bit floats are kept as float32 and rounded where they are made by a cast. */
class PortableBackend implements Backend {
  readonly name = 'portable';
  readonly device: string;
  readonly libraryVersion = tf.version_core;
  readonly matrixTypes: readonly DType[] = ['float32'];
  liveHandles = 0;

  constructor(device: string) {
    this.device = device;
  }

  upload(values: HostValues, shape: Shape, dtype: DType): Handle {
    if (values.length !== sizeOf(shape))
      throw new Error(`${values.length} values do not fill a tensor of shape [${shape.join(', ')}].`);
    return this.adopt(tf.tensor(storedValues(values, dtype), [...shape], storedTypes[dtype]), dtype);
  }

  download(x: Handle): HostValues {
    const values = this.tensorOf(x).dataSync();
    switch (x.dtype) {
      case 'bfloat16':
      case 'float16':
        return packHalves(Float32Array.from(values), x.dtype);
      case 'float32':
        return Float32Array.from(values);
      case 'int32':
        return Int32Array.from(values);
      case 'uint8':
      case 'bool':
        return Uint8Array.from(values);
      default:
        return x.dtype satisfies never;
    }
  }

  release(x: Handle): void {
    const { tensor } = this.own(x);
    this.own(x).released = true;
    this.liveHandles--;
    tensor.dispose();
  }

  fill(shape: Shape, value: number, dtype: DType): Handle {
    const [held = value] = roundedTo(Float32Array.of(value), dtype);
    const exact = storedTypes[dtype] === 'float32' ? held : Math.trunc(value);
    return this.adopt(tf.fill([...shape], exact, storedTypes[dtype]), dtype);
  }

  cast(x: Handle, dtype: DType): Handle {
    if (x.dtype === dtype) return this.run(tf.Identity, { x }, {}, dtype);
    const cast = this.run(tf.Cast, { x }, { dtype: storedTypes[dtype] }, dtype);
    if (dtype !== 'bfloat16' && dtype !== 'float16') return cast;
    const values = roundedTo(Float32Array.from(this.tensorOf(cast).dataSync()), dtype);
    this.release(cast);
    return this.adopt(tf.tensor(values, [...x.shape], 'float32'), dtype);
  }

  reshape(x: Handle, shape: Shape): Handle {
    return this.run(tf.Reshape, { x }, { shape: [...shape] }, x.dtype);
  }

  transpose(x: Handle, permutation: readonly number[]): Handle {
    return this.run(tf.Transpose, { x }, { perm: [...permutation] }, x.dtype);
  }

  slice(x: Handle, begin: readonly number[], size: readonly number[]): Handle {
    return this.run(tf.Slice, { x }, { begin: [...begin], size: [...size] }, x.dtype);
  }

  concat(parts: readonly Handle[], axis: number): Handle {
    const [first] = parts;
    if (first === undefined) throw new Error('concat needs at least one tensor.');
    const tensors = parts.map((part) => this.tensorOf(part));
    return this.adopt(
      tf.tidy(() => tf.concat(tensors, axis)),
      first.dtype,
    );
  }

  pad(x: Handle, paddings: readonly (readonly [number, number])[]): Handle {
    const pairs = paddings.map(([before, after]): [number, number] => [before, after]);
    return this.run(tf.PadV2, { x }, { paddings: pairs, constantValue: 0 }, x.dtype);
  }

  broadcastTo(x: Handle, shape: Shape): Handle {
    const tensor = this.tensorOf(x);
    return this.adopt(
      tf.tidy(() => tf.broadcastTo(tensor, [...shape])),
      x.dtype,
    );
  }

  unary(operation: UnaryOperation, x: Handle): Handle {
    return this.run(unaryKernels[operation], { x }, {}, logicalOperations.has(operation) ? 'bool' : x.dtype);
  }

  binary(operation: BinaryOperation, a: Handle, b: Handle): Handle {
    return this.run(
      binaryKernels[operation],
      { a, b },
      {},
      logicalOperations.has(operation) ? 'bool' : a.dtype,
    );
  }

  select(condition: Handle, whenTrue: Handle, whenFalse: Handle): Handle {
    const [chosen, one, other] = [condition, whenTrue, whenFalse].map((part) => this.tensorOf(part));
    if (!chosen || !one || !other) throw new Error('select needs three tensors.');
    return this.adopt(
      tf.tidy(() => tf.where(chosen, one, other)),
      whenTrue.dtype,
    );
  }

  reduce(operation: Reduction, x: Handle, axes: readonly number[], keepAxes: boolean): Handle {
    const axis = normalizeAxes(axes, x.shape.length);
    if (axis.length === 0) return this.run(tf.Identity, { x }, {}, x.dtype);
    if (operation === 'maximum')
      return this.run(tf.Max, { x }, { reductionIndices: axis, keepDims: keepAxes }, x.dtype);
    return this.run(operation === 'sum' ? tf.Sum : tf.Mean, { x }, { axis, keepDims: keepAxes }, x.dtype);
  }

  argMax(x: Handle, axis: number): Handle {
    return this.run(tf.ArgMax, { x }, { axis }, 'int32');
  }

  softmax(x: Handle): Handle {
    return this.run(tf.Softmax, { logits: x }, { dim: x.shape.length - 1 }, x.dtype);
  }

  logSoftmax(x: Handle): Handle {
    const tensor = this.tensorOf(x);
    return this.adopt(
      tf.tidy(() => logSoftmaxOf(tensor)),
      x.dtype,
    );
  }

  softmaxCrossEntropy(logits: Handle, labels: Handle): { losses: Handle; gradient: Handle } {
    const [scores, indices] = [this.tensorOf(logits), this.tensorOf(labels)];
    const classes = logits.shape[1] ?? 1;
    const { losses, gradient } = tf.tidy(() => {
      const logarithms = logSoftmaxOf(scores);
      const column = tf.reshape(tf.cast(indices, 'int32'), [-1, 1]);
      const chosen = tf.cast(tf.equal(column, tf.range(0, classes, 1, 'int32')), 'float32');
      return {
        losses: tf.neg(tf.sum(tf.mul(logarithms, chosen), 1)),
        gradient: tf.sub(tf.exp(logarithms), chosen),
      };
    });
    return { losses: this.adopt(losses, 'float32'), gradient: this.adopt(gradient, 'float32') };
  }

  matmul(a: Handle, b: Handle, transposeA: boolean, transposeB: boolean): Handle {
    const [shapeA, shapeB] = [expandedBatch(a.shape, b.shape), expandedBatch(b.shape, a.shape)];
    const left = shapeA ? this.broadcastTo(a, shapeA) : a;
    const right = shapeB ? this.broadcastTo(b, shapeB) : b;
    try {
      return this.run(tf.BatchMatMul, { a: left, b: right }, { transposeA, transposeB }, a.dtype);
    } finally {
      if (shapeA) this.release(left);
      if (shapeB) this.release(right);
    }
  }

  gather(table: Handle, indices: Handle): Handle {
    return this.run(tf.GatherV2, { x: table, indices }, { axis: 0, batchDims: 0 }, table.dtype);
  }

  scatterAdd(indices: Handle, updates: Handle, rows: number): Handle {
    const column = this.reshape(indices, [...indices.shape, 1]);
    try {
      const shape = [rows, ...updates.shape.slice(1)];
      return this.run(tf.ScatterNd, { indices: column, updates }, { shape }, updates.dtype);
    } finally {
      this.release(column);
    }
  }

  randomUniform(shape: Shape, seed: number, stream: number): Handle {
    return this.adopt(
      tf.tensor(philoxUniform(sizeOf(shape), seed, stream), [...shape], 'float32'),
      'float32',
    );
  }

  dropoutFactors(shape: Shape, probability: number, seed: number, stream: number): Handle {
    const factors = philoxFactors(sizeOf(shape), probability, seed, stream);
    return this.adopt(tf.tensor(factors, [...shape], 'float32'), 'float32');
  }

  private own(x: Handle): PortableHandle {
    if (!(x instanceof PortableHandle)) throw new Error('A tensor of another backend was used.');
    if (x.released) throw new Error(`A released tensor of shape [${x.shape.join(', ')}] was used.`);
    return x;
  }

  private tensorOf(x: Handle): tf.Tensor {
    return this.own(x).tensor;
  }

  private run(
    kernel: string,
    inputs: Readonly<Record<string, Handle>>,
    attributes: Attributes,
    dtype: DType,
  ): Handle {
    const tensors: Record<string, tf.Tensor> = {};
    for (const [name, handle] of Object.entries(inputs)) tensors[name] = this.tensorOf(handle);
    const output = tf.engine().runKernel(kernel, tensors, attributes);
    if (!(output instanceof tf.Tensor)) throw new Error(`The ${kernel} kernel gave no tensor.`);
    return this.adopt(output, dtype);
  }

  private adopt(tensor: tf.Tensor, dtype: DType): Handle {
    this.liveHandles++;
    return new PortableHandle(tf.keep(tensor), dtype);
  }
}

function logSoftmaxOf(x: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(x, tf.max(x, -1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}

/** Values as tfjs stores them; a copy, since tfjs keeps what it is given. */
function storedValues(values: HostValues, dtype: DType): Float32Array | Int32Array | Uint8Array {
  if (values instanceof Uint16Array) {
    if (dtype === 'bfloat16' || dtype === 'float16') return expandHalves(values, dtype);
  } else if (storedTypes[dtype] === 'int32') return Int32Array.from(values);
  else if ((dtype === 'float32') === values instanceof Float32Array) return values.slice();
  throw new Error(`A ${dtype} tensor cannot be made of a ${values.constructor.name}.`);
}

function roundedTo(values: Float32Array, dtype: DType): Float32Array {
  return dtype === 'bfloat16' || dtype === 'float16'
    ? expandHalves(packHalves(values, dtype), dtype)
    : values;
}

/**
 * Tensors on tfjs: compiled to WebAssembly, or in plain JavaScript. tfjs has one current backend a process, so there is
 * one portable backend a process.
 * @param options.wasmFolder where the .wasm files lie; beside the package's code when left out
 */
export async function createPortableBackend(
  kind: 'wasm' | 'cpu',
  options: { readonly wasmFolder?: string } = {},
): Promise<Backend> {
  // Without this tfjs checks each result for NaN in debug settings and advertises its native package.
  tf.enableProdMode();
  if (kind === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    if (options.wasmFolder !== undefined) setWasmPaths(`${options.wasmFolder}/`);
  } else await import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend(kind))) throw new Error(`tfjs could not start its ${kind} backend.`);
  return new PortableBackend(kind === 'wasm' ? 'CPU (WebAssembly)' : 'CPU (JavaScript)');
}
