import { errorFromProblems } from '../../../contract/errors/index.ts';
import { keep, scope } from '../../autodiff/scope.ts';
import { Parameter, type Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues, uniformValues } from '../../initialValues.ts';
import type { Linear, Model, Pass } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { add, cast, dropout, filled, fromValues, linear, scale } from '../../ops/index.ts';
import type { Attached, Method } from '../method.ts';
import { wrapped } from '../peftSettings.ts';
import type { Branch } from './branch.ts';
import { attachBranches, modulesOf, ownParameters } from './complete.ts';
import { lowRankChange, mergedDora, runDora, weightNorms } from './dora.ts';
import { optionsFromPeft, peftConfig } from './peftConfig.ts';
import { type LoraLayer, type LoraOptions, checkLora, planLora } from './plan.ts';
import { loraSpec } from './spec.ts';

function startA(layer: LoraLayer, name: string, init: LoraOptions['init'], seed: number): Float32Array {
  const size = layer.rank * layer.inFeatures;
  return init === 'gaussian'
    ? normalValues(seed, name, size, 1 / layer.rank)
    : uniformValues(seed, name, size, 1 / Math.sqrt(layer.inFeatures));
}

function makeBranch(
  backend: Backend,
  target: Linear,
  layer: LoraLayer,
  options: LoraOptions,
  seed: number,
): Branch {
  const parameter = (part: string, make: (name: string) => Tensor) => {
    const name = `${wrapped}${layer.path}.${part}`;
    const made = new Parameter(name, keep(make(name)));
    made.trainable = true;
    return made;
  };
  const { rank, inFeatures, outFeatures } = layer;
  return {
    ...layer,
    target,
    a: parameter('lora_A.weight', (name) =>
      fromValues(backend, startA(layer, name, options.init, seed), [rank, inFeatures], 'float32'),
    ),
    b: parameter('lora_B.weight', () => filled(backend, [outFeatures, rank], 0)),
    bias: options.loraBias ? parameter('lora_B.bias', () => filled(backend, [outFeatures], 0)) : null,
    magnitude: options.useDora ? parameter('lora_magnitude_vector', () => weightNorms(target)) : null,
  };
}

/** Adds the branch's output. The scaling is applied where the tensors are smallest, `[..., rank]`; x is saved once. */
function runBranch(branch: Branch, probability: number, x: Tensor, output: Tensor, pass: Pass): Tensor {
  if (branch.magnitude) return runDora(branch, branch.magnitude, probability, x, output, pass);
  return scope(() => {
    const input = pass.training && probability > 0 ? dropout(x, probability, pass.random) : x;
    const inner = scale(linear(input, branch.a.value, null), branch.scaling);
    const bias = branch.bias ? scale(branch.bias.value, branch.scaling) : null;
    return add(output, linear(inner, branch.b.value, bias));
  });
}

/** W ← W + s·BA, transposed where the layer stores `[in, out]`; the adapter's bias joins the layer's own. */
function mergeBranch(branch: Branch): void {
  const { target, bias, scaling, magnitude } = branch;
  const weight = scope(() => {
    if (magnitude) return keep(mergedDora(branch, magnitude));
    return keep(add(cast(target.weight.value, 'float32'), lowRankChange(branch)));
  });
  target.weight.assign(weight);
  const own = target.bias;
  if (bias !== null && own !== null)
    own.assign(scope(() => keep(add(own.value, scale(bias.value, scaling)))));
}

/**
 * Attaches LoRA without judging the options: adapters of other programs may name layers this model lacks, and are held
 * to their tensors instead.
 */
export function attachLora(model: Model, options: LoraOptions, seed: number): Attached {
  const plan = planLora(outlineOfModel(model), options);
  const { backend } = model.wordEmbedding.value;
  const branches = plan.layers.flatMap((layer) => {
    const target = model.linears.get(layer.path);
    return target ? [makeBranch(backend, target, layer, options, seed)] : [];
  });
  for (const branch of branches) {
    if (branch.target.transform !== null) throw new Error(`Two methods want the layer ${branch.path}.`);
    branch.target.transform = (x, output, pass) => runBranch(branch, options.dropout, x, output, pass);
  }
  const parameters = branches.flatMap(({ a, b, bias, magnitude }) =>
    [a, b, bias, magnitude].filter((parameter) => parameter !== null),
  );
  // The second matrices and all vectors (https://arxiv.org/abs/2402.12354, as PEFT groups them).
  const fast = [
    ...branches.map(({ b }) => b),
    ...[...parameters, ...ownParameters(model, plan)].filter(({ shape }) => shape.length === 1),
  ];
  const canMerge = branches.every(({ bias, target }) => bias === null || target.bias !== null);
  return attachBranches(model, plan, {
    parameters,
    rateFactors: new Map(fast.map((parameter) => [parameter, options.rateRatio])),
    config: () => peftConfig(model, options, plan),
    merge: canMerge ? () => branches.forEach(mergeBranch) : null,
    takeOff() {
      for (const { target } of branches) target.transform = null;
    },
  });
}

/** LoRA as an adapter_config.json describes it. */
function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached {
  const options = optionsFromPeft(config, folder);
  const modulesToSave = modulesOf(model, options.modulesToSave);
  return attachLora(model, { ...options, modulesToSave }, 0);
}

/** LoRA (https://arxiv.org/abs/2106.09685) with the options of PEFT's LoraConfig. */
export const lora: Method<typeof loraSpec.options> = {
  spec: loraSpec,
  output: 'adapter',
  saved: { peftType: 'LORA', attach: attachSaved },
  check: checkLora,
  count(outline, options) {
    const plan = planLora(outline, options);
    const added = plan.layers.reduce(
      (total, { rank, inFeatures, outFeatures }) =>
        total +
        rank * (inFeatures + outFeatures) +
        (options.loraBias ? outFeatures : 0) +
        (options.useDora ? outFeatures : 0),
      0,
    );
    return { own: countValues(outline, [...plan.biases, ...plan.savedNames]), added };
  },
  attach(model, options, seed) {
    const problems = checkLora(outlineOfModel(model), options);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachLora(model, options, seed);
  },
};
