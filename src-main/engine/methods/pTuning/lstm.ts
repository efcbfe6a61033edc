import type { Tensor } from '../../autodiff/tensor.ts';
import { add, concat, filled, linear, multiply, sigmoid, slice, tanh } from '../../ops/index.ts';

/** Weights of one direction of one layer, as torch.nn.LSTM holds them: gates in the order input, forget, cell, output. */
export interface LstmWeights {
  /** `[4·hidden, in]` */
  readonly input: Tensor;
  /** `[4·hidden, hidden]` */
  readonly hidden: Tensor;
  /** `[4·hidden]` each */
  readonly inputBias: Tensor;
  readonly hiddenBias: Tensor;
}

/**
 * One direction of an LSTM layer (https://www.bioinf.jku.at/publications/older/2604.pdf) over one sequence.
 * @param x `[time, in]`
 * @returns `[time, hidden]`, in the order of x
 */
function runDirection(x: Tensor, weights: LstmWeights, isBackward: boolean): Tensor {
  const [time = 0] = x.shape;
  const size = weights.hidden.shape[1] ?? 0;
  const fromInput = linear(x, weights.input, weights.inputBias);
  let hidden = filled(x.backend, [1, size], 0);
  let cell = hidden;
  const outputs: Tensor[] = [];
  for (let step = 0; step < time; step++) {
    const place = isBackward ? time - 1 - step : step;
    const given = slice(fromInput, [place, 0], [1, 4 * size]);
    const gates = add(given, linear(hidden, weights.hidden, weights.hiddenBias));
    const gate = (index: number) => slice(gates, [0, index * size], [1, size]);
    const kept = multiply(sigmoid(gate(1)), cell);
    cell = add(kept, multiply(sigmoid(gate(0)), tanh(gate(2))));
    hidden = multiply(sigmoid(gate(3)), tanh(cell));
    outputs.push(hidden);
  }
  return concat(isBackward ? outputs.reverse() : outputs, 0);
}

/**
 * LSTM layers that read a sequence in both directions.
 * @param x `[time, in]`
 * @param layers weights of each layer, forwards and backwards
 * @returns `[time, 2·hidden]`
 */
export function runLstm(
  x: Tensor,
  layers: readonly { readonly forward: LstmWeights; readonly backward: LstmWeights }[],
): Tensor {
  return layers.reduce(
    (current, { forward, backward }) =>
      concat([runDirection(current, forward, false), runDirection(current, backward, true)], 1),
    x,
  );
}
