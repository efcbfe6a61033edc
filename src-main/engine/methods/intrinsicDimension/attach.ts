import { type Problem, describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import { keep, scope } from '../../autodiff/scope.ts';
import type { DerivedTensor, Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Model } from '../../models/model.ts';
import { outlineOfModel } from '../../models/outline.ts';
import { add, cast, fromValues, multiply, reshape, slice } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import type { Attached, Method, ModelOutline } from '../method.ts';
import { type Fastfood, drawFastfood, project } from './fastfood.ts';
import { intrinsicDimensionSpec } from './spec.ts';

type Options = OptionValues<typeof intrinsicDimensionSpec.options>;

/** Of the d numbers, those that scale a tensor each; the others are projected. */
function scaleCount({ parameters }: Pick<ModelOutline, 'parameters'>, { form }: Options): number {
  return form === 'said' ? parameters.size : 0;
}

function checkIntrinsic(outline: ModelOutline, options: Options): Problem[] {
  const tensors = scaleCount(outline, options);
  return options.dimension > tensors
    ? []
    : [describeProblem('method.dimensionTooSmall', { dimension: options.dimension, tensors }, 'dimension')];
}

/** θ = θ₀ + λ·P(v), or without λ; owns θ₀ and the drawn parts of P. */
class ProjectedWeight implements DerivedTensor {
  readonly shape: Tensor['shape'];
  readonly dtype = 'float32';
  private readonly base: Tensor;
  private readonly fastfood: Fastfood;
  private readonly vector: Parameter;
  private readonly scaleOf: () => Tensor | null;

  constructor(base: Tensor, fastfood: Fastfood, vector: Parameter, scaleOf: () => Tensor | null) {
    this.shape = base.shape;
    this.base = base;
    this.fastfood = fastfood;
    this.vector = vector;
    this.scaleOf = scaleOf;
  }

  compute(): Tensor {
    return scope(() => {
      const change = project(this.vector.value, this.fastfood, this.base.size);
      const factor = this.scaleOf();
      const scaled = factor === null ? change : multiply(change, factor);
      return add(this.base, reshape(scaled, this.shape));
    });
  }

  /** θ₀ as a tensor of its own. */
  original(): Tensor {
    return keep(this.base.alias());
  }

  dispose(): void {
    const { signs, places, normals } = this.fastfood;
    for (const tensor of [this.base, signs, places, normals]) tensor.dispose();
  }
}

function makeFastfood(parameter: Parameter, dimension: number, seed: number): Fastfood {
  const { backend } = parameter.value;
  const { signs, places, normals, factor } = drawFastfood(
    backend,
    seed,
    parameter.name,
    dimension,
    parameter.size,
  );
  const hold = (values: Float32Array | Int32Array) =>
    scope(() =>
      keep(fromValues(backend, values, [values.length], values instanceof Int32Array ? 'int32' : 'float32')),
    );
  return { signs: hold(signs), places: hold(places), normals: hold(normals), factor };
}

function attachProjection(model: Model, options: Options, seed: number): Attached {
  const parameters = [...model.parameters.values()];
  const { backend } = model.wordEmbedding.value;
  const scaled = scaleCount(outlineOfModel(model), options);
  const dimension = options.dimension - scaled;
  const vector = addParameter(backend, 'intrinsic.vector', [dimension], 0);
  const scales = scaled > 0 ? addParameter(backend, 'intrinsic.scales', [scaled], 1) : null;
  const projected = parameters.map((parameter, index) => {
    const base = scope(() => keep(cast(parameter.value, 'float32').alias()));
    const fastfood = makeFastfood(parameter, dimension, seed);
    const scaleOf = () => scales && slice(scales.value, [index], [1]);
    const weight = new ProjectedWeight(base, fastfood, vector, scaleOf);
    parameter.assign(weight);
    return { parameter, weight };
  });
  const added = [vector, ...(scales ? [scales] : [])];
  const settle = (valueOf: (entry: (typeof projected)[number]) => Tensor) => {
    for (const entry of projected) entry.parameter.assign(valueOf(entry));
    for (const parameter of added) parameter.dispose();
  };
  return {
    added: new Map(added.map((parameter) => [parameter.name, parameter])),
    trainable: added,
    adapter: null,
    merge: () => settle(({ parameter }) => scope(() => keep(parameter.value))),
    detach: () => settle(({ weight }) => weight.original()),
  };
}

/**
 * Intrinsic dimension: DID (https://arxiv.org/abs/1804.08838) and its structure-aware form SAID
 * (https://arxiv.org/abs/2012.13255). Every weight, the head's included, is θ₀ + λ·P(v) with one v for all of them.
 */
export const intrinsicDimension: Method<typeof intrinsicDimensionSpec.options> = {
  spec: intrinsicDimensionSpec,
  output: 'model',
  check: checkIntrinsic,
  count: (_outline, { dimension }) => ({ own: 0, added: dimension }),
  attach(model, options, seed) {
    const problems = checkIntrinsic(outlineOfModel(model), options);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachProjection(model, options, seed);
  },
};
