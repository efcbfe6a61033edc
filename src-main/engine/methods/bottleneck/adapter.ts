import { scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues } from '../../initialValues.ts';
import { add, gelu, linear, relu, silu } from '../../ops/index.ts';
import type { SublayerSurroundings } from '../../models/hooks.ts';
import { addParameter } from '../addition.ts';

export type BottleneckActivation = 'swish' | 'relu' | 'gelu';

/** One adapter: A(z) = U·f(D·z + d) + u, D `[bottleneck, width]`, U `[width, bottleneck]`. */
export interface BottleneckAdapter {
  readonly down: Parameter;
  readonly downBias: Parameter;
  readonly up: Parameter;
  readonly upBias: Parameter;
  readonly activation: BottleneckActivation;
}

export function bottleneckOf(width: number, reductionFactor: number): number {
  return Math.max(1, Math.floor(width / reductionFactor));
}

export function makeAdapter(
  backend: Backend,
  path: string,
  given: {
    readonly width: number;
    readonly bottleneck: number;
    readonly activation: BottleneckActivation;
    readonly exactStart: boolean;
    readonly seed: number;
  },
): BottleneckAdapter {
  const { width, bottleneck, activation, exactStart, seed } = given;
  const start = (name: string) => normalValues(seed, name, width * bottleneck, 0.02);
  const down = `${path}.adapter_down.0.weight`;
  const up = `${path}.adapter_up.weight`;
  return {
    down: addParameter(backend, down, [bottleneck, width], start(down)),
    downBias: addParameter(backend, `${path}.adapter_down.0.bias`, [bottleneck], 0),
    up: addParameter(backend, up, [width, bottleneck], exactStart ? 0 : start(up)),
    upBias: addParameter(backend, `${path}.adapter_up.bias`, [width], 0),
    activation,
  };
}

export function parametersOf({ down, downBias, up, upBias }: BottleneckAdapter): Parameter[] {
  return [down, downBias, up, upBias];
}

export function activate(name: BottleneckActivation, x: Tensor): Tensor {
  switch (name) {
    case 'swish':
      return silu(x);
    case 'relu':
      return relu(x);
    case 'gelu':
      return gelu(x);
    default:
      return name satisfies never;
  }
}

/** A(z), z `[batch, time, width]`. */
export function applyAdapter(
  { down, downBias, up, upBias, activation }: BottleneckAdapter,
  z: Tensor,
): Tensor {
  const inner = activate(activation, linear(z, down.value, downBias.value));
  return linear(inner, up.value, upBias.value);
}

/** Houlsby's place (https://arxiv.org/abs/1902.00751): A(y) + y. */
export function runHoulsby(adapter: BottleneckAdapter, output: Tensor): Tensor {
  return scope(() => add(applyAdapter(adapter, output), output));
}

/** Pfeiffer's place (https://arxiv.org/abs/2005.00247): A(z) + y with z = LN(y + x), or y + x where norms come first. */
export function runPfeiffer(
  adapter: BottleneckAdapter,
  output: Tensor,
  { residual, normalize }: SublayerSurroundings,
): Tensor {
  return scope(() => {
    const sum = add(output, residual);
    return add(applyAdapter(adapter, normalize ? normalize(sum) : sum), output);
  });
}
