import { scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues, uniformValues } from '../../initialValues.ts';
import type { Block } from '../../models/hooks.ts';
import { add, linear, multiply, scale, sigmoid, slice } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import { type BlockWidths, loraLayers } from './space.ts';

/** LoRA of one block; a sub-network uses the first rows of A and the first columns of B. */
export interface BlockLora {
  /** `[rank, input]`, read by all attention layers. */
  readonly a: Parameter;
  /** By layer: `[output, rank]`. */
  readonly b: ReadonlyMap<string, Parameter>;
}

/** The adapter of one block, used in the same way. */
export interface BlockAdapter {
  /** `[width, hidden]` */
  readonly down: Parameter;
  readonly downBias: Parameter;
  /** `[hidden, width]` */
  readonly up: Parameter;
  readonly upBias: Parameter;
}

/** What one block has; null where its size is 0. */
export interface BlockModules {
  readonly lora: BlockLora | null;
  readonly adapter: BlockAdapter | null;
}

/** Limit of Xavier's uniform distribution. */
function xavier(first: number, second: number): number {
  return Math.sqrt(6 / (first + second));
}

/** Sizes the modules of a block are made in: the largest of the search space, or those of one sub-network. */
interface ModuleSizes {
  readonly rank: number;
  readonly width: number;
}

/** Initial values of everything in a block by name, without the parameters: LoRA starts at zero change. */
export function startValues(seed: number, name: string, shape: readonly number[]): Float32Array | number {
  const [first = 1, second = 1] = shape;
  const size = first * second;
  if (name.endsWith('lora_A')) return uniformValues(seed, name, size, 1 / Math.sqrt(second));
  if (name.includes('lora_B.')) return 0;
  if (name.endsWith('bias')) return normalValues(seed, name, first, 1e-6);
  return uniformValues(seed, name, size, xavier(first, second));
}

export function makeModules(
  backend: Backend,
  block: Block,
  outFeatures: (path: string) => number,
  { input, hidden }: BlockWidths,
  { rank, width }: ModuleSizes,
  seed: number,
): BlockModules {
  const make = (name: string, shape: readonly number[]) => {
    const full = `${block.path}.${name}`;
    return addParameter(backend, full, shape, startValues(seed, full, shape));
  };
  const b = () =>
    new Map(
      loraLayers(block).map((path) => [
        path,
        make(`noah.lora_B.${path.split('.').at(-1) ?? path}`, [outFeatures(path), rank]),
      ]),
    );
  return {
    lora: rank === 0 ? null : { a: make('noah.lora_A', [rank, input]), b: b() },
    adapter:
      width === 0
        ? null
        : {
            down: make('noah.adapter_down.weight', [width, hidden]),
            downBias: make('noah.adapter_down.bias', [width]),
            up: make('noah.adapter_up.weight', [hidden, width]),
            upBias: make('noah.adapter_up.bias', [hidden]),
          },
  };
}

export function parametersOf({ lora, adapter }: BlockModules): Parameter[] {
  return [
    ...(lora ? [lora.a, ...lora.b.values()] : []),
    ...(adapter ? [adapter.down, adapter.downBias, adapter.up, adapter.upBias] : []),
  ];
}

/** The first rows of a matrix or the first numbers of a vector. */
export function firstRows({ value }: Parameter, count: number): Tensor {
  const rest = value.shape.slice(1);
  return count === value.shape[0] ? value : slice(value, [0, ...rest.map(() => 0)], [count, ...rest]);
}

export function firstColumns({ value }: Parameter, count: number): Tensor {
  const [rows = 0, columns] = value.shape;
  return count === columns ? value : slice(value, [0, 0], [rows, count]);
}

/** y + B[:, :r]·A[:r]·x, without a scaling. */
export function runLora(a: Parameter, b: Parameter, rank: number, x: Tensor, output: Tensor): Tensor {
  return scope(() => add(output, linear(linear(x, firstRows(a, rank), null), firstColumns(b, rank), null)));
}

/** x·σ(1.702·x) */
function quickGelu(x: Tensor): Tensor {
  return multiply(x, sigmoid(scale(x, 1.702)));
}

/** z + U[:, :m]·quickGelu(D[:m]·z + d[:m]) + u, z the feed-forward block's output. */
export function runAdapter({ down, downBias, up, upBias }: BlockAdapter, width: number, z: Tensor): Tensor {
  return scope(() => {
    const inner = quickGelu(linear(z, firstRows(down, width), firstRows(downBias, width)));
    return add(z, linear(inner, firstColumns(up, width), upBias.value));
  });
}
