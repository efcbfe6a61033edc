import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import { Parameter, Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import type {
  Backend,
  DType,
  Handle,
  HostValues,
  Shape,
} from '../../../../src-main/engine/backend/backend.ts';
import type { FusedOperations } from '../../../../src-main/engine/backend/fused.ts';
import { expandHalves, packHalves } from '../../../../src-main/engine/backend/halfFloats.ts';
import { sizeOf } from '../../../../src-main/engine/backend/shapes.ts';
import {
  type TensorFlowBinding,
  createTensorFlowBackend,
  recommendedEnvironment,
} from '../../../../src-main/engine/backend/tensorflow.ts';
import * as ops from '../../../../src-main/engine/ops/index.ts';
import { readSetupRecord } from '../../../../src-main/platform/setupRecord.ts';
import { Float64Backend } from '../../../gradients/float64Backend.ts';

const root = join(import.meta.dirname, '../../../..');
const record = readSetupRecord(root);

/** What the add-on tells and lets tests choose. */
interface Addon {
  instructionSet(): string;
  useInstructionSet(name: string): boolean;
  threads(): number;
  useThreads(count: number): void;
}

export interface Loaded {
  readonly addon: Addon;
  /** With fused operations. */
  readonly backend: Backend;
  readonly fused: FusedOperations;
  /** The same library without them. */
  readonly composed: Backend;
  /** Instruction sets this processor has, the best first. */
  readonly instructionSets: readonly string[];
}

function load(): Loaded | null {
  const { backend: choice } = record;
  if (choice.kind !== 'tensorflow' || !choice.kernelsPath || !existsSync(choice.kernelsPath)) return null;
  Object.assign(process.env, recommendedEnvironment);
  const require = createRequire(import.meta.url);
  const binding: TensorFlowBinding = require(choice.bindingPath);
  const addon: Addon = require(choice.kernelsPath);
  const backend = createTensorFlowBackend(binding, { kernelsLoaded: true });
  if (!backend.fused) return null;
  const best = addon.instructionSet();
  const instructionSets = ['avx512', 'avx2', 'baseline'].filter((name) => addon.useInstructionSet(name));
  addon.useInstructionSet(best);
  return {
    addon,
    backend,
    fused: backend.fused,
    composed: createTensorFlowBackend(binding),
    instructionSets,
  };
}

const loaded = load();
if (!loaded && process.env['CI'] === 'true')
  throw new Error('The fused kernels must be built where CI=true: run npm run setup.');

/** A suite for each instruction set of this machine; skipped where the kernels could not be built. */
export function describeKernels(name: string, body: (kernels: Loaded, bench: Bench) => void): void {
  if (!loaded) {
    describe.skip(name, () => undefined);
    return;
  }
  describe.each(loaded.instructionSets)(`${name} (%s)`, (instructionSet) => {
    const bench = new Bench(loaded.backend);
    let before = 0;
    beforeEach(() => {
      before = loaded.backend.liveHandles;
      loaded.addon.useInstructionSet(instructionSet);
    });
    afterEach(() => {
      bench.clear();
      expect(loaded.backend.liveHandles - before, 'handles left behind').toBe(0);
    });
    body(loaded, bench);
  });
}

/** Tensors of one test. */
export class Bench {
  private readonly backend: Backend;
  private readonly handles: Handle[] = [];

  constructor(backend: Backend) {
    this.backend = backend;
  }

  put(values: HostValues, shape: Shape = [values.length], dtype?: DType): Handle {
    const type =
      dtype ??
      (values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'uint8');
    const stored =
      type === 'bfloat16' && values instanceof Float32Array ? packHalves(values, 'bfloat16') : values;
    return this.hold(this.backend.upload(stored.slice(), shape, type));
  }

  hold<Held extends Handle | null>(handle: Held): Held {
    if (handle) this.handles.push(handle);
    return handle;
  }

  /** Reads a result as float32 and lets go of it at the end of the test. */
  take(handle: Handle | null): Float32Array {
    if (!handle) throw new Error('A result is missing.');
    if (!this.handles.includes(handle)) this.hold(handle);
    const values = this.backend.download(handle);
    if (values instanceof Uint16Array) return expandHalves(values, 'bfloat16');
    return Float32Array.from(values);
  }

  clear(): void {
    for (const handle of this.handles) this.backend.release(handle);
    this.handles.length = 0;
  }
}

/** Repeatable random numbers. */
export class Draw {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  uniform(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** Roughly normal, of the given deviation, as float32. */
  floats(size: number | Shape, deviation = 1): Float32Array<ArrayBuffer> {
    const count = typeof size === 'number' ? size : sizeOf(size);
    return Float32Array.from({ length: count }, () => {
      const total = this.uniform() + this.uniform() + this.uniform() - 1.5;
      return total * 2 * deviation;
    });
  }

  integers(count: number, below: number): Int32Array {
    return Int32Array.from({ length: count }, () => Math.floor(this.uniform() * below));
  }
}

/** The values as bfloat16 holds them. */
export function rounded(values: Float32Array): Float32Array {
  return expandHalves(packHalves(values, 'bfloat16'), 'bfloat16');
}

export interface Operand {
  readonly values: Float32Array;
  readonly shape: Shape;
}

/** Output and gradients of the composed form in float64; the gradient of the output is `direction`. */
export function reference(
  operands: readonly Operand[],
  direction: Float32Array | null,
  run: (inputs: readonly Tensor[], backend: Backend) => Tensor,
): { output: Float64Array; gradients: readonly Float64Array[] } {
  const backend = new Float64Backend();
  const parameters = operands.map(({ values, shape }, index) => {
    const parameter = new Parameter(
      `${index}`,
      new Tensor(backend, backend.upload(values, shape, 'float32')),
    );
    parameter.trainable = true;
    return parameter;
  });
  let output: Float64Array = new Float64Array();
  const inputs = (): Tensor[] => parameters.map((parameter) => parameter.value);
  if (!direction) scope(() => void (output = backend.exact(run(inputs(), backend).handle)));
  else
    backpropagate(parameters, () => {
      const result = run(inputs(), backend);
      output = backend.exact(result.handle);
      return ops.sum(ops.multiply(result, ops.fromValues(backend, direction, result.shape, 'float32')));
    });
  const gradients = parameters.map(({ gradient }): Float64Array =>
    gradient ? backend.exact(gradient.handle) : new Float64Array(),
  );
  return { output, gradients };
}

/** Output of an operation composed on TensorFlow itself, in float32: what NaN and infinity must agree with. */
export function composedValues(
  backend: Backend,
  operands: readonly Operand[],
  run: (inputs: readonly Tensor[]) => Tensor,
): Float32Array {
  return scope(() => {
    const inputs = operands.map(
      ({ values, shape }) => new Tensor(backend, backend.upload(values, shape, 'float32')),
    );
    const result = keep(run(inputs));
    const values = Float32Array.from(result.values());
    result.dispose();
    return { values };
  }).values;
}

/**
 * Every element within `absolute` · (largest expected) + `relative` · its own size; NaN and infinities must be the same.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  { relative = 1e-5, absolute = 1e-6 } = {},
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  let largest = 1;
  for (let index = 0; index < expected.length; index++) {
    const size = Math.abs(expected[index] ?? 0);
    if (Number.isFinite(size) && size > largest) largest = size;
  }
  for (let index = 0; index < actual.length; index++) {
    const found = actual[index] ?? 0;
    const wanted = expected[index] ?? 0;
    if (Object.is(found, wanted) || found === wanted) continue;
    const difference = Math.abs(found - wanted);
    if (!(difference <= absolute * largest + relative * Math.abs(wanted)))
      expect.fail(`${what}[${index}]: ${found} instead of ${wanted}`);
  }
}

/** Tolerances of results kept in bfloat16. */
export const bfloat16Tolerance = { relative: 2 ** -8, absolute: 1e-3 };
