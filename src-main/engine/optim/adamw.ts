import type { Backend, BinaryOperation, Handle, UnaryOperation } from '../backend/backend.ts';
import type { FusedOperations } from '../backend/fused.ts';
import { keep, scope } from '../autodiff/scope.ts';
import { type Parameter, Tensor } from '../autodiff/tensor.ts';

export interface AdamWOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Factors on the learning rate of some parameters. */
  readonly rateFactors?: ReadonlyMap<Parameter, number>;
}

/** What AdamW remembers of one parameter. */
export interface AdamWMoments {
  /** Updates made so far. */
  steps: number;
  /** Running mean of gradients, as the parameter's shape. */
  first: Tensor;
  /** Running mean of squared gradients. */
  second: Tensor;
}

const undecayed = /bias|layernorm|rmsnorm|(^|\.)norm(\.|$)|_norm(\.|$)|(^|\.)ln_\w+\./;

/** Biases and the weights of norms are not decayed: the rule of transformers' Trainer, by name. */
export function isDecayed(name: string): boolean {
  return !undecayed.test(name.toLowerCase());
}

/** The update's arithmetic over bare handles; every intermediate is released at the end of `run`. */
class Arithmetic {
  private readonly backend: Backend;
  private readonly owned: Handle[] = [];

  constructor(backend: Backend) {
    this.backend = backend;
  }

  number(value: number): Handle {
    return this.own(this.backend.fill([], value, 'float32'));
  }

  unary(operation: UnaryOperation, x: Handle): Handle {
    return this.own(this.backend.unary(operation, x));
  }

  binary(operation: BinaryOperation, a: Handle, b: Handle): Handle {
    return this.own(this.backend.binary(operation, a, b));
  }

  /** Takes a result out, to live on after `release`. */
  take(handle: Handle): Handle {
    this.owned.splice(this.owned.lastIndexOf(handle), 1);
    return handle;
  }

  release(): void {
    for (const handle of this.owned) this.backend.release(handle);
    this.owned.length = 0;
  }

  private own(handle: Handle): Handle {
    this.owned.push(handle);
    return handle;
  }
}

/**
 * Adam with decoupled weight decay (https://arxiv.org/abs/1711.05101), operation for operation as torch.optim.AdamW:
 * the weight shrinks first, epsilon is added after bias correction, and a parameter without a gradient is left out
 * entirely. All values are float32.
 */
export class AdamW {
  readonly parameters: readonly Parameter[];
  readonly moments = new Map<Parameter, AdamWMoments>();
  /** Weights made here, which share their storage with nobody. */
  private readonly written = new WeakSet<Tensor>();
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  private readonly weightDecay: number;
  private readonly rateFactors: ReadonlyMap<Parameter, number>;

  constructor(parameters: readonly Parameter[], options: AdamWOptions = {}) {
    this.parameters = parameters;
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-8;
    this.weightDecay = options.weightDecay ?? 0;
    this.rateFactors = options.rateFactors ?? new Map();
  }

  /**
   * Moves every parameter that has a gradient, and clears the gradients.
   * @param gradientScale factor on all gradients, where clipping asks for one
   * @param whenMoved called when the weights have moved and the gradients are still there
   */
  step(learningRate: number, gradientScale = 1, whenMoved?: () => void): void {
    const due = this.parameters.flatMap((parameter) =>
      parameter.gradient === null ? [] : [{ parameter, gradient: parameter.gradient }],
    );
    const factorOf = (parameter: Parameter) => this.rateFactors.get(parameter) ?? 1;
    for (const factor of new Set(due.map(({ parameter }) => factorOf(parameter)))) {
      const together = due.filter(({ parameter }) => factorOf(parameter) === factor);
      const rate = learningRate * factor;
      const fused = due[0]?.gradient.backend.fused;
      if (fused) this.updateTogether(fused, together, rate, gradientScale);
      else
        for (const { parameter, gradient } of together) this.update(parameter, gradient, rate, gradientScale);
    }
    whenMoved?.();
    for (const { parameter } of due) parameter.clearGradient();
  }

  /** Puts back what `moments` held when the training state was written. Takes ownership of the tensors. */
  restore(parameter: Parameter, moments: AdamWMoments): void {
    this.forget(parameter);
    this.moments.set(parameter, moments);
  }

  /** Forgets all moments: the next update is the first. */
  reset(): void {
    for (const parameter of this.moments.keys()) this.forget(parameter);
    this.moments.clear();
  }

  dispose(): void {
    this.reset();
  }

  private forget(parameter: Parameter): void {
    this.moments.get(parameter)?.first.dispose();
    this.moments.get(parameter)?.second.dispose();
  }

  private momentsOf(parameter: Parameter, backend: Backend): AdamWMoments {
    const known = this.moments.get(parameter);
    if (known !== undefined) return known;
    const zeros = () => keep(new Tensor(backend, backend.fill(parameter.shape, 0, 'float32')));
    const fresh = { steps: 0, first: zeros(), second: zeros() };
    this.moments.set(parameter, fresh);
    return fresh;
  }

  /** All parameters in one operation, which writes over weights and moments. */
  private updateTogether(
    fused: FusedOperations,
    due: readonly { readonly parameter: Parameter; readonly gradient: Tensor }[],
    learningRate: number,
    gradientScale: number,
  ): void {
    const { beta1, beta2, epsilon } = this;
    const updates = due.map(({ parameter, gradient }) => {
      const moments = this.momentsOf(parameter, gradient.backend);
      moments.steps++;
      return {
        weight: this.ownWeight(parameter).handle,
        gradient: gradient.handle,
        first: moments.first.handle,
        second: moments.second.handle,
        step: moments.steps,
        weightDecay: this.decayOf(parameter),
      };
    });
    fused.adamW(updates, { learningRate, beta1, beta2, epsilon, gradientScale });
  }

  /**
   * A parameter's weight in storage of its own, to be written to: whoever made the parameter may have taken its value from
   * another tensor.
   */
  private ownWeight(parameter: Parameter): Tensor {
    const { value } = parameter;
    if (this.written.has(value) && !value.isAliased) return value;
    const { backend } = value;
    scope(() => {
      const one = new Tensor(backend, backend.fill([], 1, 'float32'));
      parameter.assign(keep(new Tensor(backend, backend.binary('multiply', value.handle, one.handle))));
    });
    this.written.add(parameter.value);
    return parameter.value;
  }

  private decayOf(parameter: Parameter): number {
    return isDecayed(parameter.name) ? this.weightDecay : 0;
  }

  private update(parameter: Parameter, gradientTensor: Tensor, learningRate: number, scale: number): void {
    const { backend } = gradientTensor;
    const moments = this.momentsOf(parameter, backend);
    moments.steps++;
    const firstCorrection = 1 - this.beta1 ** moments.steps;
    const secondCorrection = Math.sqrt(1 - this.beta2 ** moments.steps);
    const arithmetic = new Arithmetic(backend);
    const times = (x: Handle, factor: number) =>
      factor === 1 ? x : arithmetic.binary('multiply', x, arithmetic.number(factor));
    try {
      const gradient = times(gradientTensor.handle, scale);
      const difference = arithmetic.binary('subtract', gradient, moments.first.handle);
      const first = arithmetic.binary('add', moments.first.handle, times(difference, 1 - this.beta1));
      const squared = times(arithmetic.unary('square', gradient), 1 - this.beta2);
      const second = arithmetic.binary('add', times(moments.second.handle, this.beta2), squared);
      const root = times(arithmetic.unary('sqrt', second), 1 / secondCorrection);
      const denominator = arithmetic.binary('add', root, arithmetic.number(this.epsilon));
      const direction = arithmetic.binary('divide', first, denominator);
      const decay = 1 - learningRate * this.decayOf(parameter);
      const weight = arithmetic.binary(
        'subtract',
        times(parameter.value.handle, decay),
        times(direction, learningRate / firstCorrection),
      );
      scope(() => {
        this.replace(moments, 'first', arithmetic.take(first), backend);
        this.replace(moments, 'second', arithmetic.take(second), backend);
        parameter.assign(keep(new Tensor(backend, arithmetic.take(weight))));
      });
    } finally {
      arithmetic.release();
    }
  }

  private replace(moments: AdamWMoments, which: 'first' | 'second', handle: Handle, backend: Backend): void {
    moments[which].dispose();
    moments[which] = keep(new Tensor(backend, handle));
  }
}
