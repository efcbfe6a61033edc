import type { Handle } from './backend.ts';
import type { FusedDropout } from './fused.ts';
import {
  type NativeOutput,
  type OperationAttribute,
  type TensorFlowBinding,
  nativeTypes,
  typeAttribute,
} from './tensorflowBinding.ts';

/** How the backend lets its handles into the native binding and out of it. */
export interface HandleGate {
  readonly binding: TensorFlowBinding;
  idOf(x: Handle): number;
  /** A handle for a native result, counted as live. */
  adopt(output: NativeOutput): Handle;
}

/** How operations of the kernels are called: inputs that may be absent, outputs nobody asked for, random keys. */
export class FusedCalls {
  protected readonly gate: HandleGate;
  /** Empty tensors that stand for inputs not given. */
  private readonly absent: { readonly float32: number; readonly bfloat16: number; readonly int32: number };

  constructor(gate: HandleGate) {
    this.gate = gate;
    const float32 = gate.binding.createTensor([0], nativeTypes.float32, new Float32Array(0));
    const cast = [typeAttribute('DstT', nativeTypes.bfloat16)];
    const [bfloat16] = gate.binding.executeOp('Cast', cast, [float32], 1);
    if (!bfloat16) throw new Error('TensorFlow made no bfloat16 tensor.');
    const int32 = gate.binding.createTensor([0], nativeTypes.int32, new Int32Array(0));
    this.absent = { float32, bfloat16: bfloat16.id, int32 };
  }

  protected id(x: Handle): number {
    return this.gate.idOf(x);
  }

  protected optional(x: Handle | null, dtype: 'float32' | 'bfloat16' | 'int32' = 'float32'): number {
    return x === null ? this.absent[dtype] : this.gate.idOf(x);
  }

  protected run(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly NativeOutput[] {
    return this.gate.binding.executeOp(name, attributes, inputs, outputs);
  }

  protected one(name: string, attributes: readonly OperationAttribute[], inputs: readonly number[]): Handle {
    return this.wrap(this.run(name, attributes, inputs, 1)[0]);
  }

  protected wrap(output: NativeOutput | undefined): Handle {
    if (output === undefined) throw new Error('A fused operation gave fewer results than it has.');
    return this.gate.adopt(output);
  }

  /** A result that may be empty because nobody asked for it. */
  protected wanted(output: NativeOutput | undefined, isWanted: boolean): Handle | null {
    if (isWanted) return this.wrap(output);
    if (output !== undefined) this.gate.binding.deleteTensor(output.id);
    return null;
  }

  /** Runs `body` with a random key: two words each of seed and stream. */
  protected withKey<Result>(draw: FusedDropout | null, body: (key: number) => Result): Result {
    if (draw === null) return body(this.absent.int32);
    const { seed, stream } = draw;
    const words = Int32Array.of(seed, Math.floor(seed / 2 ** 32), stream, Math.floor(stream / 2 ** 32));
    const key = this.gate.binding.createTensor([4], nativeTypes.int32, words);
    try {
      return body(key);
    } finally {
      this.gate.binding.deleteTensor(key);
    }
  }
}
