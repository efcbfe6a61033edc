import type { Backend, DType, Handle, HostValues, Shape } from '../backend/backend.ts';
import { adopt, registerTensorTest } from './scope.ts';

/** A handle with a count of who still needs it: the tensor itself and tapes that saved it. */
class SharedHandle {
  readonly handle: Handle;
  readonly backend: Backend;
  private owners = 1;

  constructor(backend: Backend, handle: Handle) {
    this.backend = backend;
    this.handle = handle;
  }

  retain(): this {
    this.owners++;
    return this;
  }

  get hasOneOwner(): boolean {
    return this.owners === 1;
  }

  release(): void {
    if (--this.owners === 0) this.backend.release(this.handle);
  }
}

/** A value of the engine. Its shape and type stay readable after it was disposed; its contents do not. */
export class Tensor {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether some trainable parameter can be reached through it, so that operations on it must be recorded. */
  requiresGradient = false;
  private shared: SharedHandle | null;

  constructor(backend: Backend, handle: Handle | SharedHandle) {
    this.backend = backend;
    this.shared = handle instanceof SharedHandle ? handle : new SharedHandle(backend, handle);
    this.shape = this.shared.handle.shape;
    this.dtype = this.shared.handle.dtype;
    adopt(this);
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  get handle(): Handle {
    if (!this.shared) throw new Error(`A disposed tensor of shape [${this.shape.join(', ')}] was used.`);
    return this.shared.handle;
  }

  get isDisposed(): boolean {
    return this.shared === null;
  }

  /** Whether an alias of it lives: its storage must not be written to. */
  get isAliased(): boolean {
    return this.shared !== null && !this.shared.hasOneOwner;
  }

  /** A second tensor over the same storage, unknown to any tape; each is disposed separately. */
  alias(): Tensor {
    if (!this.shared) throw new Error(`A disposed tensor of shape [${this.shape.join(', ')}] was used.`);
    return new Tensor(this.backend, this.shared.retain());
  }

  /** Copies the contents out of the backend. */
  values(): HostValues {
    return this.backend.download(this.handle);
  }

  /** The contents of a one-element tensor. */
  scalar(): number {
    const [value] = this.values();
    if (value === undefined || this.size !== 1)
      throw new Error(`A tensor of shape [${this.shape.join(', ')}] is not a scalar.`);
    return value;
  }

  /** Lets go of the storage; safe to call twice. */
  dispose(): void {
    this.shared?.release();
    this.shared = null;
  }
}

registerTensorTest((value): value is Tensor => value instanceof Tensor);

/**
 * A frozen weight in a form that no operation computes with, such as 4-bit codes. Whoever needs its values makes them
 * anew, and lets go of them at once: that is what saves memory.
 */
export interface PackedTensor {
  readonly shape: Shape;
  /** Of what `unpack` gives. */
  readonly dtype: DType;
  /** The values, as a new tensor of the running scope. */
  unpack(): Tensor;
  /**
   * x `[..., in]` · the weight (+ bias) → `[..., out]` for few rows, without making all values at once; null where that
   * cannot be had. Not recorded.
   */
  multiplyFew?(x: Tensor, bias: Tensor | null): Tensor | null;
  dispose(): void;
}

/** A weight that comes out of other tensors each time it is read, so that its gradient flows on to them. */
export interface DerivedTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The values, as a new tensor of the running scope. */
  compute(): Tensor;
  dispose(): void;
}

/** A named weight. Its contents change in place (`assign`); its gradient is filled by `backward`. */
export class Parameter {
  readonly name: string;
  trainable = false;
  /** Summed over the backward passes since it was last taken. Owned by the parameter. */
  gradient: Tensor | null = null;
  private current: Tensor | PackedTensor | DerivedTensor;

  /** Takes ownership of `value`, which must not belong to a scope (see `keep`). */
  constructor(name: string, value: Tensor | PackedTensor | DerivedTensor) {
    this.name = name;
    this.current = value;
  }

  get shape(): Shape {
    return this.current.shape;
  }

  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** Of its values when they are read. */
  get dtype(): DType {
    return this.current.dtype;
  }

  /** Whether it is held in a form that cannot be trained. */
  get isPacked(): boolean {
    return 'unpack' in this.current;
  }

  /**
   * The weight as a tensor for the forward pass. `backward` recognises it by identity. A packed or derived weight is made
   * anew in the running scope each time.
   */
  get value(): Tensor {
    const { stored } = this;
    return stored instanceof Tensor ? stored : stored.unpack();
  }

  /** The weight as it is held, for operations that unpack it themselves. */
  get stored(): Tensor | PackedTensor {
    if (this.current instanceof Tensor) return this.marked(this.current);
    return 'unpack' in this.current ? this.current : this.current.compute();
  }

  /** Replaces the contents and disposes the old ones. Takes ownership of `value`. */
  assign(value: Tensor | DerivedTensor): void {
    this.current.dispose();
    this.current = value;
  }

  clearGradient(): void {
    this.gradient?.dispose();
    this.gradient = null;
  }

  dispose(): void {
    this.clearGradient();
    this.current.dispose();
  }

  private marked(tensor: Tensor): Tensor {
    tensor.requiresGradient = this.trainable;
    return tensor;
  }
}
