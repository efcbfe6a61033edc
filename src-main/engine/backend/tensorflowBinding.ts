/** The part of tfjs-node's native binding that the engine uses (its `binding/tfjs_backend.h`). */
export interface TensorFlowBinding {
  /** Shares memory with `values`: nobody may write to them afterwards. */
  createTensor(
    shape: readonly number[],
    dtype: number,
    values: Float32Array | Int32Array | Uint8Array,
  ): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly NativeOutput[];
  isUsingGpuDevice(): boolean;
  readonly TF_Version: string;
}

export interface NativeOutput {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** `TF_AttrType` of tensorflow/c/tf_attrtype.h. */
const attributeTypes = { integer: 1, boolean: 3, type: 4 };

export const integerAttribute = (name: string, value: number): OperationAttribute => ({
  name,
  type: attributeTypes.integer,
  value,
});

export const booleanAttribute = (name: string, value: boolean): OperationAttribute => ({
  name,
  type: attributeTypes.boolean,
  value,
});

export const typeAttribute = (name: string, value: number): OperationAttribute => ({
  name,
  type: attributeTypes.type,
  value,
});

/** `TF_DataType` of tensorflow/c/tf_datatype.h. */
export const nativeTypes = {
  float32: 1,
  int32: 3,
  uint8: 4,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  float16: 19,
} as const;

/**
 * Environment of a process that loads libtensorflow, to be set before it loads: no start-up chatter on stderr,
 * oneDNN kernels on, and allocations of a training step kept by glibc instead of going back to the system each time.
 */
export const recommendedEnvironment: Readonly<Record<string, string>> = {
  TF_CPP_MIN_LOG_LEVEL: '2',
  TF_ENABLE_ONEDNN_OPTS: '1',
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TRIM_THRESHOLD_: '1073741824',
  MALLOC_TOP_PAD_: '67108864',
};
