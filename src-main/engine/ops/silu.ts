import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import type { FusedOperations } from '../backend/fused.ts';
import { activate } from './activation.ts';
import { add, multiply, subtract } from './arithmetic.ts';
import { sigmoid } from './elementwise.ts';
import { unrecorded } from './unrecorded.ts';

/** With s = sigmoid(x) and y = x·s, the derivative of y is s + y·(1 − s). */
function siluSlope(gate: Tensor, output: Tensor): Tensor {
  return add(gate, subtract(output, multiply(output, gate)));
}

/** x · sigmoid(x) (https://arxiv.org/abs/1702.03118). */
export function silu(x: Tensor): Tensor {
  return activate(x, (value, wantsSlope) => {
    const opening = sigmoid(value);
    const output = multiply(value, opening);
    return { output, slope: wantsSlope ? siluSlope(opening, output) : null };
  });
}

/** silu(gate) · up: the middle of a Llama feed-forward block (https://arxiv.org/abs/2002.05202). Shapes equal. */
export function siluGate(gate: Tensor, up: Tensor): Tensor {
  const { fused } = gate.backend;
  return fused ? fusedSiluGate(fused, gate, up) : composedSiluGate(gate, up);
}

/** Saves gate and up. */
function fusedSiluGate(fused: FusedOperations, gate: Tensor, up: Tensor): Tensor {
  return differentiable(fused.siluGate(gate.handle, up.handle), [gate, up], (save) => {
    const [savedGate, savedUp] = [save(gate), save(up)];
    return (gradient, wanted) => {
      const both = fused.siluGateGradient(gradient.handle, savedGate.handle, savedUp.handle);
      return [both.gate, both.up].map((handle, index) => {
        const part = new Tensor(gradient.backend, handle);
        return wanted[index] ? part : null;
      });
    };
  });
}

/** Saves gate and, where the gate wants a gradient, up. */
function composedSiluGate(gate: Tensor, up: Tensor): Tensor {
  const output = unrecorded(() => multiply(multiply(gate, sigmoid(gate)), up));
  return differentiable(output, [gate, up], (save) => {
    const savedGate = save(gate);
    const savedUp = gate.requiresGradient ? save(up) : null;
    return (gradient, wanted) => {
      const opening = sigmoid(savedGate);
      const activated = multiply(savedGate, opening);
      return [
        wanted[0] && savedUp ? multiply(multiply(gradient, savedUp), siluSlope(opening, activated)) : null,
        wanted[1] ? multiply(gradient, activated) : null,
      ];
    };
  });
}
