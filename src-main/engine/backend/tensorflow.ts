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
import type { FusedOperations } from './fused.ts';
import { dropoutThreshold } from './philox.ts';
import { expandedBatch, normalizeAxes, sameShape, sizeOf } from './shapes.ts';
import {
  type NativeOutput,
  type OperationAttribute,
  type TensorFlowBinding,
  integerAttribute,
  nativeTypes,
  typeAttribute,
} from './tensorflowBinding.ts';
import { TensorFlowConstants } from './tensorflowConstants.ts';
import { createFusedOperations } from './tensorflowFused.ts';
import {
  batchMatMulAttributes,
  binaryNames,
  castAttributes,
  floatAttributes,
  int32OutputAttributes,
  integerAttributes,
  keepAxesAttributes,
  matMulAttributes,
  noAttributes,
  reductionNames,
  typeNames,
  uint16Bitcast,
  uint16Cast,
  unaryNames,
} from './tensorflowKernels.ts';
import { downloadValues, uploadValues } from './tensorflowTransfer.ts';

export { type TensorFlowBinding, recommendedEnvironment } from './tensorflowBinding.ts';

class NativeHandle implements Handle {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  released = false;

  constructor(id: number, shape: Shape, dtype: DType) {
    this.id = id;
    this.shape = shape;
    this.dtype = dtype;
  }
}

/** Whether b has the shape of a, or is a row added to each of its rows. */
function isPlainSum(a: Handle, b: Handle): boolean {
  if (a.dtype !== b.dtype || (a.dtype !== 'float32' && a.dtype !== 'bfloat16')) return false;
  return sameShape(a.shape, b.shape) || (b.shape.length === 1 && a.shape.at(-1) === b.shape[0]);
}

class TensorFlowBackend implements Backend {
  readonly name = 'tensorflow';
  readonly device: string;
  readonly libraryVersion: string;
  readonly matrixTypes: readonly DType[];
  readonly fused: FusedOperations | null;
  liveHandles = 0;
  private readonly binding: TensorFlowBinding;
  private readonly constants: TensorFlowConstants;

  constructor(binding: TensorFlowBinding, { device, kernelsLoaded = false }: TensorFlowOptions) {
    this.binding = binding;
    this.constants = new TensorFlowConstants(binding);
    const gpu = binding.isUsingGpuDevice();
    this.device = device ?? (gpu ? 'GPU' : 'CPU');
    this.libraryVersion = binding.TF_Version;
    this.matrixTypes = gpu ? ['float32', 'bfloat16', 'float16'] : ['float32', 'bfloat16'];
    const gate = {
      binding,
      idOf: (x: Handle) => this.idOf(x),
      adopt: (output: NativeOutput) => this.adopt(output),
    };
    this.fused = kernelsLoaded && !gpu ? createFusedOperations(gate) : null;
  }

  upload(values: HostValues, shape: Shape, dtype: DType): Handle {
    if (values.length !== sizeOf(shape))
      throw new Error(`${values.length} values do not fill a tensor of shape [${shape.join(', ')}].`);
    const id = uploadValues(this.binding, values, shape, dtype);
    this.liveHandles++;
    return new NativeHandle(id, shape, dtype);
  }

  download(x: Handle): HostValues {
    return downloadValues(this.binding, this.idOf(x), x.shape, x.dtype);
  }

  release(x: Handle): void {
    if (!(x instanceof NativeHandle) || x.released) throw new Error('A tensor was released twice.');
    x.released = true;
    this.liveHandles--;
    this.binding.deleteTensor(x.id);
  }

  fill(shape: Shape, value: number, dtype: DType): Handle {
    if (shape.length === 0) {
      if (dtype === 'float32') return this.upload(Float32Array.of(value), shape, dtype);
      if (dtype === 'int32') return this.upload(Int32Array.of(value), shape, dtype);
    }
    const one = this.upload(Float32Array.of(value), [], 'float32');
    const typed = this.cast(one, dtype);
    this.release(one);
    const filled = this.run('Fill', noAttributes, [this.constants.of(shape), this.idOf(typed)]);
    this.release(typed);
    return filled;
  }

  cast(x: Handle, dtype: DType): Handle {
    if (x.dtype === dtype) return this.run('Identity', noAttributes, [this.idOf(x)]);
    return this.run('Cast', castAttributes.get(dtype) ?? noAttributes, [this.idOf(x)]);
  }

  reshape(x: Handle, shape: Shape): Handle {
    return this.run('Reshape', noAttributes, [this.idOf(x), this.constants.of(shape)]);
  }

  transpose(x: Handle, permutation: readonly number[]): Handle {
    return this.run('Transpose', noAttributes, [this.idOf(x), this.constants.of(permutation)]);
  }

  slice(x: Handle, begin: readonly number[], size: readonly number[]): Handle {
    return this.run('Slice', noAttributes, [this.idOf(x), this.constants.of(begin), this.constants.of(size)]);
  }

  concat(parts: readonly Handle[], axis: number): Handle {
    const [first] = parts;
    if (first === undefined) throw new Error('concat needs at least one tensor.');
    if (parts.length === 1) return this.run('Identity', noAttributes, [this.idOf(first)]);
    const attributes = [
      integerAttribute('N', parts.length),
      typeAttribute('T', nativeTypes[first.dtype]),
      typeAttribute('Tidx', nativeTypes.int32),
    ];
    return this.run('ConcatV2', attributes, [
      ...parts.map((part) => this.idOf(part)),
      this.constants.of(axis),
    ]);
  }

  pad(x: Handle, paddings: readonly (readonly [number, number])[]): Handle {
    return this.run('Pad', noAttributes, [
      this.idOf(x),
      this.constants.of(paddings.flat(), [paddings.length, 2]),
    ]);
  }

  broadcastTo(x: Handle, shape: Shape): Handle {
    return this.run('BroadcastTo', noAttributes, [this.idOf(x), this.constants.of(shape)]);
  }

  unary(operation: UnaryOperation, x: Handle): Handle {
    return this.run(unaryNames[operation], noAttributes, [this.idOf(x)]);
  }

  binary(operation: BinaryOperation, a: Handle, b: Handle): Handle {
    // Sums of gradients and biases: the library waits for all of its threads at each, ours for those that are awake.
    if (operation === 'add' && this.fused && isPlainSum(a, b)) return this.fused.add(a, b);
    return this.run(binaryNames[operation], noAttributes, [this.idOf(a), this.idOf(b)]);
  }

  select(condition: Handle, whenTrue: Handle, whenFalse: Handle): Handle {
    const inputs = [this.idOf(condition), this.idOf(whenTrue), this.idOf(whenFalse)];
    return this.run('SelectV2', noAttributes, inputs);
  }

  reduce(operation: Reduction, x: Handle, axes: readonly number[], keepAxes: boolean): Handle {
    const sorted = normalizeAxes(axes, x.shape.length);
    // The column sum of a bias gradient has a kernel twice as fast as the general sum.
    const columns =
      sorted.length > 0 && sorted.length === x.shape.length - 1 && sorted.at(-1) === sorted.length - 1;
    if (operation === 'sum' && columns && !keepAxes && x.dtype === 'float32' && sizeOf(x.shape) > 0)
      return this.run('BiasAddGrad', noAttributes, [this.idOf(x)]);
    return this.run(reductionNames[operation], keepAxes ? keepAxesAttributes : noAttributes, [
      this.idOf(x),
      this.constants.of(sorted),
    ]);
  }

  argMax(x: Handle, axis: number): Handle {
    return this.run('ArgMax', int32OutputAttributes, [this.idOf(x), this.constants.of(axis)]);
  }

  softmax(x: Handle): Handle {
    return this.run('Softmax', noAttributes, [this.idOf(x)]);
  }

  logSoftmax(x: Handle): Handle {
    return this.run('LogSoftmax', noAttributes, [this.idOf(x)]);
  }

  softmaxCrossEntropy(logits: Handle, labels: Handle): { losses: Handle; gradient: Handle } {
    const inputs = [this.idOf(logits), this.idOf(labels)];
    const outputs = this.binding.executeOp('SparseSoftmaxCrossEntropyWithLogits', noAttributes, inputs, 2);
    const [losses, gradient] = outputs.map((output) => this.adopt(output));
    if (!losses || !gradient) throw new Error('TensorFlow gave no cross-entropy.');
    return { losses, gradient };
  }

  matmul(a: Handle, b: Handle, transposeA: boolean, transposeB: boolean): Handle {
    const which = (transposeA ? 2 : 0) + (transposeB ? 1 : 0);
    const areMatrices = a.shape.length === 2 && b.shape.length === 2;
    if (areMatrices && this.fused?.isQuick(a, b, transposeB))
      return this.fused.product(a, b, { transposeA, transposeB });
    if (areMatrices)
      return this.run('MatMul', matMulAttributes[which] ?? noAttributes, [this.idOf(a), this.idOf(b)]);
    const [shapeA, shapeB] = [expandedBatch(a.shape, b.shape), expandedBatch(b.shape, a.shape)];
    const left = shapeA ? this.broadcastTo(a, shapeA) : a;
    const right = shapeB ? this.broadcastTo(b, shapeB) : b;
    try {
      const inputs = [this.idOf(left), this.idOf(right)];
      return this.run('BatchMatMulV2', batchMatMulAttributes[which] ?? noAttributes, inputs);
    } finally {
      if (shapeA) this.release(left);
      if (shapeB) this.release(right);
    }
  }

  gather(table: Handle, indices: Handle): Handle {
    return this.run('GatherV2', noAttributes, [this.idOf(table), this.idOf(indices), this.constants.of(0)]);
  }

  scatterAdd(indices: Handle, updates: Handle, rows: number): Handle {
    const inputs = [this.idOf(updates), this.idOf(indices), this.constants.of(rows)];
    return this.run('UnsortedSegmentSum', noAttributes, inputs);
  }

  randomUniform(shape: Shape, seed: number, stream: number): Handle {
    return this.random('StatelessRandomUniform', floatAttributes, shape, seed, stream);
  }

  dropoutFactors(shape: Shape, probability: number, seed: number, stream: number): Handle {
    const { threshold, factor } = dropoutThreshold(probability);
    const size = sizeOf(shape);
    const words = Math.ceil(size / 2);
    const made: Handle[] = [];
    const hold = <Held extends Handle>(handle: Held): Held => {
      made.push(handle);
      return handle;
    };
    try {
      const drawn = hold(
        this.random('StatelessRandomUniformFullInt', integerAttributes, [words], seed, stream),
      );
      // 16-bit numbers have no engine type: they stay bare ids.
      const stays = hold(this.compareHalves(this.idOf(drawn), threshold));
      // In one long axis: the kernel is ten times slower where the last axis is short.
      const flat = hold(this.reshape(stays, [2 * words]));
      const kept = hold(this.fill([], factor, 'float32'));
      const dropped = hold(this.fill([], 0, 'float32'));
      const factors = hold(this.select(flat, kept, dropped));
      return this.reshape(size === 2 * words ? factors : hold(this.slice(factors, [0], [size])), shape);
    } finally {
      for (const handle of made) this.release(handle);
    }
  }

  /** int32 `[words]` → bool `[words, 2]`: whether each unsigned half is at least the threshold. */
  private compareHalves(words: number, threshold: number): Handle {
    const [halves] = this.binding.executeOp('Bitcast', uint16Bitcast, [words], 1);
    const [least] = this.binding.executeOp('Cast', uint16Cast, [this.constants.of(threshold)], 1);
    if (!halves || !least) throw new Error('TensorFlow gave no 16-bit numbers.');
    try {
      return this.run('GreaterEqual', noAttributes, [halves.id, least.id]);
    } finally {
      this.binding.deleteTensor(halves.id);
      this.binding.deleteTensor(least.id);
    }
  }

  private random(
    name: string,
    attributes: readonly OperationAttribute[],
    shape: Shape,
    seed: number,
    stream: number,
  ): Handle {
    // A seed is two 64-bit integers, each given as its low and high 32 bits.
    const words = Int32Array.of(seed, Math.floor(seed / 2 ** 32), stream, Math.floor(stream / 2 ** 32));
    const seeds = this.binding.createTensor([2], nativeTypes.int64, words);
    try {
      return this.run(name, attributes, [this.constants.of(shape), seeds]);
    } finally {
      this.binding.deleteTensor(seeds);
    }
  }

  private idOf(x: Handle): number {
    if (!(x instanceof NativeHandle)) throw new Error('A tensor of another backend was used.');
    if (x.released) throw new Error(`A released tensor of shape [${x.shape.join(', ')}] was used.`);
    return x.id;
  }

  private run(name: string, attributes: readonly OperationAttribute[], inputs: readonly number[]): Handle {
    const [output] = this.binding.executeOp(name, attributes, inputs, 1);
    if (!output) throw new Error(`TensorFlow's ${name} gave no result.`);
    this.constants.forget();
    return this.adopt(output);
  }

  private adopt({ id, shape, dtype: type }: NativeOutput): NativeHandle {
    const dtype = typeNames.get(type);
    if (!dtype) throw new Error(`TensorFlow gave a result of type ${type}, which the engine does not know.`);
    this.liveHandles++;
    return new NativeHandle(id, shape, dtype);
  }
}

export interface TensorFlowOptions {
  /** For people, for example "CPU, 2 threads". */
  readonly device?: string;
  /** Whether the host loaded the kernels of `src-main/native` into the process, after the binding. */
  readonly kernelsLoaded?: boolean;
}

/** Tensors on libtensorflow, through the native binding of tfjs-node that the host loaded. */
export function createTensorFlowBackend(
  binding: TensorFlowBinding,
  options: TensorFlowOptions = {},
): Backend {
  return new TensorFlowBackend(binding, options);
}
