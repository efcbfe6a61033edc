import type { Parameter } from '../autodiff/tensor.ts';
import { type Hooks, makeHooks } from './hooks.ts';
import { type ModelLayout, stripPrefix } from './layout.ts';
import type { Linear } from './model.ts';

/** A model's parameters and linear layers by name, for the network that computes with them. */
export class Weights {
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly linears: ReadonlyMap<string, Linear>;
  readonly hooks: Hooks;
  private readonly prefix: string;

  /** @param prefix what the network's names begin with and the layout's leave out */
  constructor(layout: ModelLayout, parameters: ReadonlyMap<string, Parameter>, prefix = '') {
    this.parameters = parameters;
    this.prefix = prefix;
    this.linears = new Map(
      [...layout.linears].map(([path, { inFeatures, outFeatures, layout: orientation, hasBias }]) => [
        path,
        {
          path,
          inFeatures,
          outFeatures,
          weight: this.parameter(`${path}.weight`),
          bias: hasBias ? this.parameter(`${path}.bias`) : null,
          layout: orientation,
          prepare: null,
          transform: null,
        },
      ]),
    );
    this.hooks = makeHooks(layout.blocks);
  }

  /** Undefined where this model has none. */
  findParameter(name: string): Parameter | undefined {
    return this.parameters.get(stripPrefix(name, this.prefix));
  }

  /** Undefined where this model has none. */
  findLinear(path: string): Linear | undefined {
    return this.linears.get(stripPrefix(path, this.prefix));
  }

  parameter(name: string): Parameter {
    const parameter = this.findParameter(name);
    if (parameter === undefined) throw new Error(`The layout declares no weight "${name}".`);
    return parameter;
  }

  linear(path: string): Linear {
    const linear = this.findLinear(path);
    if (linear === undefined) throw new Error(`The layout declares no linear layer "${path}".`);
    return linear;
  }

  /** Weight and bias of a layer normalisation. */
  norm(path: string): { readonly weight: Parameter; readonly bias: Parameter } {
    return { weight: this.parameter(`${path}.weight`), bias: this.parameter(`${path}.bias`) };
  }
}
