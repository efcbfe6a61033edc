import { beforeEach, describe, expect, it } from 'vitest';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import {
  backpropagate,
  recompute,
  sumAtOnce,
  withoutGradient,
} from '../../../../src-main/engine/autodiff/tape.ts';
import { Parameter, Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import * as ops from '../../../../src-main/engine/ops/index.ts';
import { Float64Backend } from '../../../gradients/float64Backend.ts';
import { makeFailing } from './failingBackend.ts';

let backend: Float64Backend;

beforeEach(() => {
  backend = new Float64Backend();
});

function parameter(on: Backend, name: string, shape: readonly number[], trainable = true): Parameter {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, index) => Math.sin(index * 1.7 + name.length));
  const made = new Parameter(name, keep(new Tensor(on, on.upload(values, shape, 'float32'))));
  made.trainable = trainable;
  return made;
}

function gradientOf({ gradient }: Parameter): number[] {
  return gradient ? Array.from(gradient.values()) : [];
}

/** A small transformer block with everything that keeps tensors: norm, attention, dropout, LoRA, loss. */
class Block {
  readonly parameters: Parameter[];
  readonly trained: Parameter[];
  private readonly on: Backend;

  constructor(on: Backend) {
    this.on = on;
    const shapes: [string, number[], boolean][] = [
      ['table', [5, 4], false],
      ['weight', [4, 4], false],
      ['bias', [4], true],
      ['down', [2, 4], true],
      ['up', [4, 2], true],
      ['scale', [4], true],
      ['shift', [4], false],
      ['head', [3, 4], true],
    ];
    this.parameters = shapes.map(([name, shape, trained]) => parameter(on, name, shape, trained));
    this.trained = this.parameters.filter(({ trainable }) => trainable);
  }

  value(name: string): Tensor {
    const found = this.parameters.find((each) => each.name === name);
    if (!found) throw new Error(name);
    return found.value;
  }

  body(x: Tensor, random: ops.RandomStream): Tensor {
    const low = ops.linear(ops.dropout(x, 0.2, random), this.value('down'), null);
    const tuned = ops.add(
      ops.linear(x, this.value('weight'), this.value('bias')),
      ops.linear(low, this.value('up'), null),
    );
    const q = ops.splitHeads(tuned, 2);
    const seen = ops.mergeHeads(
      ops.attention(q, q, q, { mask: null, causal: true, dropout: { probability: 0.2, random } }),
    );
    const normal = ops.layerNorm(ops.add(ops.gelu(seen), x), this.value('scale'), this.value('shift'), 1e-5);
    return ops.siluGate(normal, normal);
  }

  loss(again: boolean): Tensor {
    let drawn = 0;
    const stream = ops.repeatableStream({ seed: 1, next: () => drawn++ });
    const ids = ops.indicesFrom(this.on, [0, 3, 3, 1, 4, 2], [2, 3]);
    const embedded = ops.embedding(this.value('table'), ids);
    const hidden = again
      ? recompute([embedded], this.trained, ([x]) => this.body(x ?? embedded, stream()))
      : this.body(embedded, stream());
    const rows = ops.gatherRows(ops.reshape(hidden, [6, 4]), ops.indicesFrom(this.on, [0, 2, 5]));
    const logits = ops.linear(rows, this.value('head'), null);
    return ops.crossEntropy(logits, ops.indicesFrom(this.on, [0, 2, 1]));
  }

  clear(): void {
    for (const each of this.parameters) each.clearGradient();
  }
}

describe('backpropagate', () => {
  it('leaves only the gradients behind', () => {
    const block = new Block(backend);
    const before = backend.liveHandles;
    backpropagate(block.trained, () => block.loss(false));
    expect(backend.liveHandles - before).toBe(block.trained.length);
    block.clear();
    expect(backend.liveHandles).toBe(before);
  });

  it('adds gradients up over passes until they are cleared', () => {
    const block = new Block(backend);
    backpropagate(block.trained, () => block.loss(false));
    const once = block.trained.map(gradientOf);
    backpropagate(block.trained, () => block.loss(false));
    block.trained.map(gradientOf).forEach((twice, index) => {
      expect(twice).toEqual(once[index]?.map((value) => 2 * value));
    });
    block.clear();
    expect(block.trained.map(gradientOf).flat()).toEqual([]);
  });

  it('scales gradients by the seed', () => {
    const weight = parameter(backend, 'w', [3]);
    backpropagate([weight], () => ops.sum(weight.value), 0.25);
    expect(gradientOf(weight)).toEqual([0.25, 0.25, 0.25]);
  });

  it('sums what comes from every use of a tensor', () => {
    const weight = parameter(backend, 'w', [2]);
    const values = Array.from(weight.value.values());
    backpropagate([weight], () => {
      const doubled = ops.add(weight.value, weight.value);
      return ops.sum(ops.multiply(doubled, weight.value));
    });
    gradientOf(weight).forEach((value, index) => expect(value).toBeCloseTo(4 * (values[index] ?? 0), 6));
  });

  it('gives no gradient to weights that are frozen or unused, and keeps nothing for them', () => {
    const frozen = parameter(backend, 'frozen', [2, 2], false);
    const unused = parameter(backend, 'unused', [2]);
    const before = backend.liveHandles;
    let during = 0;
    backpropagate([frozen, unused], () => {
      const result = scope(() => ops.sum(ops.gelu(ops.matmul(frozen.value, frozen.value))));
      during = backend.liveHandles - before;
      return result;
    });
    expect(during).toBe(1);
    expect(frozen.gradient).toBeNull();
    expect(unused.gradient).toBeNull();
    expect(backend.liveHandles).toBe(before);
  });

  it('records nothing without gradients', () => {
    const weight = parameter(backend, 'w', [2]);
    expect(withoutGradient(() => scope(() => ops.square(weight.value))).requiresGradient).toBe(false);
  });

  it('refuses a loss that is not a scalar', () => {
    const weight = parameter(backend, 'w', [2]);
    const before = backend.liveHandles;
    expect(() => backpropagate([weight], () => ops.square(weight.value))).toThrow('not of shape [2]');
    expect(backend.liveHandles).toBe(before);
  });

  it.each([false, true])('leaves nothing behind whichever operation fails (recompute: %s)', (again) => {
    const failing = makeFailing(backend);
    const block = new Block(failing.backend);
    const before = backend.liveHandles;
    let failures = 0;
    for (let number = 0; ; number++) {
      failing.failAt(number);
      let thrown = false;
      try {
        backpropagate(block.trained, () => block.loss(again));
      } catch {
        thrown = true;
      }
      expect(thrown).toBe(failing.failed);
      failing.failAt(null);
      block.clear();
      expect(backend.liveHandles - before, `after operation ${number} failed`).toBe(0);
      if (!thrown) break;
      failures++;
    }
    expect(failures).toBeGreaterThan(100);
  });
});

describe('recompute', () => {
  it('gives the loss and the gradients of the plain computation, dropout included', () => {
    const block = new Block(backend);
    const plain = backpropagate(block.trained, () => block.loss(false));
    const expected = block.trained.map(gradientOf);
    block.clear();
    expect(backpropagate(block.trained, () => block.loss(true))).toBe(plain);
    expect(block.trained.map(gradientOf)).toEqual(expected);
  });

  it('keeps less between forward and backward', () => {
    const block = new Block(backend);
    const kept = (again: boolean): number => {
      const before = backend.liveHandles;
      let during = 0;
      backpropagate(block.trained, () => {
        const loss = scope(() => block.loss(again));
        during = backend.liveHandles - before;
        return loss;
      });
      block.clear();
      return during;
    };
    expect(kept(true)).toBeLessThan(kept(false));
  });

  it('passes gradients through to its inputs, also when its body returns one of them', () => {
    const weight = parameter(backend, 'w', [3]);
    const before = backend.liveHandles;
    backpropagate([weight], () => {
      const doubled = ops.scale(weight.value, 2);
      const same = recompute([doubled], [], ([x]) => x ?? doubled);
      return ops.sum(recompute([same], [], ([x]) => ops.scale(x ?? same, 3)));
    });
    expect(gradientOf(weight)).toEqual([6, 6, 6]);
    weight.clearGradient();
    expect(backend.liveHandles).toBe(before);
  });

  it('says so when a trainable weight was used that it was not told of', () => {
    const [known, unknown] = [parameter(backend, 'k', [3]), parameter(backend, 'u', [3])];
    const before = backend.liveHandles;
    const run = (): number =>
      backpropagate([known, unknown], () =>
        ops.sum(recompute([known.value], [], ([x]) => ops.multiply(x ?? known.value, unknown.value))),
      );
    expect(run).toThrow('of shape [3] that is not among its parameters');
    expect(backend.liveHandles).toBe(before);
  });
});

describe('sumAtOnce', () => {
  const rowsAt = (x: Tensor, part: number) => ops.slice(x, [2 * part, 0], [2, 4]);

  function measure(asOne: boolean, ahead: readonly boolean[]) {
    const [table, weight, bias] = ['table', 'weight', 'bias'].map((name, index) =>
      parameter(backend, name, [[6, 4], [3, 4], [3]][index] ?? [], ahead[index]),
    );
    if (!table || !weight || !bias) throw new Error('Three parameters.');
    const part = (x: Tensor, index: number) =>
      ops.mean(ops.square(ops.linear(rowsAt(x, index), weight.value, bias.value)));
    const parameters = [table, weight, bias];
    const loss = backpropagate(
      parameters,
      () => {
        const x = ops.tanh(table.value);
        if (asOne) return sumAtOnce(x, 3, part);
        return [1, 2].reduce((sum, index) => ops.add(sum, part(x, index)), part(x, 0));
      },
      0.5,
    );
    const gradients = parameters.map(gradientOf);
    for (const each of parameters) each.dispose();
    expect(backend.liveHandles).toBe(0);
    return { loss, gradients };
  }

  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
    [false, false, false],
  ])('gives the sum and its gradients where %s, %s, %s is trained', (...ahead) => {
    const together = measure(false, ahead);
    const parts = measure(true, ahead);
    expect(parts.loss).toBeCloseTo(together.loss, 10);
    parts.gradients.forEach((gradient, index) => {
      expect(gradient.length > 0).toBe(ahead[index]);
      gradient.forEach((value, place) =>
        expect(value).toBeCloseTo(together.gradients[index]?.[place] ?? NaN, 10),
      );
    });
  });

  it('holds one part at a time', () => {
    const table = parameter(backend, 'table', [8, 4]);
    let most = 0;
    const peak = (parts: number) => {
      most = 0;
      backpropagate([table], () =>
        sumAtOnce(table.value, parts, (x, part) => {
          const sum = ops.mean(ops.square(ops.slice(x, [part, 0], [1, 4])));
          most = Math.max(most, backend.liveHandles);
          return sum;
        }),
      );
      table.clearGradient();
      return most;
    };
    expect(peak(8)).toBeLessThanOrEqual(peak(2));
    table.dispose();
  });
});
