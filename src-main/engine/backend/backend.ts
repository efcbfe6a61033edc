import type { FusedOperations } from './fused.ts';

/** Element types an engine tensor can have. `bfloat16` and `float16` are for frozen weights and activations. */
export type DType = 'float32' | 'bfloat16' | 'float16' | 'int32' | 'uint8' | 'bool';

export type Shape = readonly number[];

/** A tensor living in a backend. Opaque: only its backend can read it, and it stays until released. */
export interface Handle {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Values as they cross between JavaScript and a backend: raw 16-bit patterns for `bfloat16` and `float16`. */
export type HostValues = Float32Array | Int32Array | Uint16Array | Uint8Array;

export type UnaryOperation =
  | 'negate'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'rsqrt'
  | 'square'
  | 'reciprocal'
  | 'absolute'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'sin'
  | 'cos'
  | 'isFinite'
  | 'logicalNot';

export type BinaryOperation =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'power'
  | 'equal'
  | 'greater'
  | 'greaterEqual'
  | 'less'
  | 'logicalAnd'
  | 'logicalOr';

export type Reduction = 'sum' | 'mean' | 'maximum';

/**
 * The primitive operations every engine tensor runs on. Elementwise operations broadcast as NumPy does. No operation
 * changes its arguments; each returns a new handle that the caller must release (reshape may share storage inside
 * the backend, but is released separately). Comparisons and logical operations give `bool`.
 */
export interface Backend {
  readonly name: 'tensorflow' | 'portable';
  /** For people: "CPU, 2 threads", "NVIDIA H100". */
  readonly device: string;
  readonly libraryVersion: string;
  /** Element types this backend can compute matrix products in. */
  readonly matrixTypes: readonly DType[];
  /** Handles created and not yet released: leak tests count these. */
  readonly liveHandles: number;
  /** Several of these operations in one pass over memory, where the native kernels are loaded. */
  readonly fused?: FusedOperations | null;

  upload(values: HostValues, shape: Shape, dtype: DType): Handle;
  download(x: Handle): HostValues;
  release(x: Handle): void;

  fill(shape: Shape, value: number, dtype: DType): Handle;
  cast(x: Handle, dtype: DType): Handle;
  reshape(x: Handle, shape: Shape): Handle;
  transpose(x: Handle, permutation: readonly number[]): Handle;
  slice(x: Handle, begin: readonly number[], size: readonly number[]): Handle;
  concat(parts: readonly Handle[], axis: number): Handle;
  /** Zero padding, `[before, after]` per axis. */
  pad(x: Handle, paddings: readonly (readonly [number, number])[]): Handle;
  broadcastTo(x: Handle, shape: Shape): Handle;

  unary(operation: UnaryOperation, x: Handle): Handle;
  binary(operation: BinaryOperation, a: Handle, b: Handle): Handle;
  select(condition: Handle, whenTrue: Handle, whenFalse: Handle): Handle;
  reduce(operation: Reduction, x: Handle, axes: readonly number[], keepAxes: boolean): Handle;
  /** Index of the largest value along an axis, int32. */
  argMax(x: Handle, axis: number): Handle;
  /** Over the last axis, numerically stable. */
  softmax(x: Handle): Handle;
  logSoftmax(x: Handle): Handle;

  /** Batched product over the last two axes; leading axes broadcast. bfloat16 accumulates in float32. */
  matmul(a: Handle, b: Handle, transposeA: boolean, transposeB: boolean): Handle;

  /**
   * −log softmax(logits)[label] of each row of `[rows, classes]`, and softmax − one-hot; labels int32 `[rows]`.
   */
  softmaxCrossEntropy(logits: Handle, labels: Handle): { readonly losses: Handle; readonly gradient: Handle };

  /** Rows of `table` `[rows, ...]` at int32 `indices` `[...]` → `[...indices, ...]`. */
  gather(table: Handle, indices: Handle): Handle;
  /** Zeros `[rows, ...]` plus each row of `updates` `[n, ...]` added at int32 `indices` `[n]`; duplicates accumulate. */
  scatterAdd(indices: Handle, updates: Handle, rows: number): Handle;

  /** Uniform in [0, 1), a pure function of (seed, stream, shape): counter-based, the same on every backend. */
  randomUniform(shape: Shape, seed: number, stream: number): Handle;
  /**
   * float32: 0 with the given probability (in steps of 1/65536), else the reciprocal of the share that is kept. A pure
   * function of its arguments, the same on every backend.
   */
  dropoutFactors(shape: Shape, probability: number, seed: number, stream: number): Handle;
}
