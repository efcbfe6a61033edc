import { keep, scope } from '../../autodiff/scope.ts';
import { withoutGradient } from '../../autodiff/tape.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues, uniformValues } from '../../initialValues.ts';
import type { Pass } from '../../models/model.ts';
import { add, fromValues, linear, mean, multiply, sigmoid, sum } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';

/** One number for each text, how much of a part is used: the mean over its tokens of σ(w·x + b). */
export interface Gate {
  /** `[1, width]` */
  readonly weight: Parameter;
  /** `[1]` */
  readonly bias: Parameter;
}

/** @param startsHalfOpen with a bias of 0 instead of a random one */
export function makeGate(
  backend: Backend,
  path: string,
  width: number,
  seed: number,
  startsHalfOpen: boolean,
): Gate {
  const weight = `${path}.weight`;
  const bias = `${path}.bias`;
  return {
    weight: addParameter(backend, weight, [1, width], normalValues(seed, weight, width, 0.02)),
    bias: addParameter(
      backend,
      bias,
      [1],
      startsHalfOpen ? 0 : uniformValues(seed, bias, 1, 1 / Math.sqrt(width)),
    ),
  };
}

/** Each token's share of its text's mean `[batch, time, 1]`: none for padding. Null where there is no padding. */
function sharesOf({ backend, shape: [batch, columns] }: Tensor, { texts }: Pass): Tensor | null {
  // What stands for no text, such as a table of relative positions, has other lengths.
  if (!texts || texts.lengths.length !== batch || texts.time !== columns) return null;
  const { lengths, time } = texts;
  if (lengths.every((length) => length === time)) return null;
  const shares = lengths.flatMap((length) =>
    Array.from({ length: time }, (_, place) => (place < length ? 1 / length : 0)),
  );
  return fromValues(backend, Float32Array.from(shares), [batch, time, 1], 'float32');
}

/** x `[batch, time, width]` → `[batch, 1, 1]`, between 0 and 1. */
export function applyGate({ weight, bias }: Gate, x: Tensor, pass: Pass): Tensor {
  return scope(() => {
    const open = sigmoid(linear(x, weight.value, bias.value));
    const shares = sharesOf(x, pass);
    return shares ? sum(multiply(open, shares), [1], true) : mean(open, [1], true);
  });
}

/** Means of gates over the passes of one update, for the charts. */
export class GateGauge {
  private total: Tensor | null = null;
  private count = 0;

  note(gate: Tensor, { training }: Pass): void {
    if (!training) return;
    const before = this.total;
    this.total = withoutGradient(() => scope(() => keep(before ? add(before, mean(gate)) : mean(gate))));
    before?.dispose();
    this.count++;
  }

  /** The mean since the last time it was asked for; 0 where nothing was noted. */
  take(): number {
    const found = this.total && this.count > 0 ? this.total.scalar() / this.count : 0;
    this.dispose();
    return found;
  }

  dispose(): void {
    this.total?.dispose();
    this.total = null;
    this.count = 0;
  }
}
