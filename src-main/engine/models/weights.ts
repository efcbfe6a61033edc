import type { Parameter } from '../autodiff/tensor.ts';
import { type Hooks, makeHooks } from './hooks.ts';
import type { ModelLayout } from './layout.ts';
import type { Linear } from './model.ts';

/** A model's parameters and linear layers by name, for the network that computes with them. */
export class Weights {
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly linears: ReadonlyMap<string, Linear>;
  readonly hooks: Hooks;

  constructor(layout: ModelLayout, parameters: ReadonlyMap<string, Parameter>) {
    this.parameters = parameters;
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

  parameter(name: string): Parameter {
    const parameter = this.parameters.get(name);
    if (parameter === undefined) throw new Error(`The layout declares no weight "${name}".`);
    return parameter;
  }

  linear(path: string): Linear {
    const linear = this.linears.get(path);
    if (linear === undefined) throw new Error(`The layout declares no linear layer "${path}".`);
    return linear;
  }

  /** Weight and bias of a layer normalisation. */
  norm(path: string): { readonly weight: Parameter; readonly bias: Parameter } {
    return { weight: this.parameter(`${path}.weight`), bias: this.parameter(`${path}.bias`) };
  }
}
