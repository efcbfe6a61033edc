import type { Backend } from './backend.ts';

/** The part of tfjs-node's native binding that the engine uses. */
export interface TensorFlowBinding {
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
  ): { readonly id: number; readonly shape: number[]; readonly dtype: number }[];
  isUsingGpuDevice(): boolean;
  readonly TF_Version: string;
}

export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** Tensors on libtensorflow, through the loaded native binding. */
export declare function createTensorFlowBackend(
  binding: TensorFlowBinding,
  options?: { readonly device?: string },
): Backend;
