import { errorFromProblems } from '../../../contract/errors/index.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import type { Attached, Method, SavedTensor } from '../method.ts';
import { disposeStart, makeBranch, mergeBranch, parametersOf, runBranch, savedTensors } from './branch.ts';
import { attachBranches, modulesOf, ownParameters } from './complete.ts';
import { makeEmbeddingBranch, mergeEmbedding, runEmbedding } from './embedding.ts';
import { optionsFromPeft, peftConfig } from './peftConfig.ts';
import { plainOptions } from './pissa.ts';
import { type LoraOptions, checkLora, planLora } from './plan.ts';
import { loraSpec } from './spec.ts';

/**
 * Attaches LoRA without judging the options: adapters of other programs may name layers this model lacks, and are held
 * to their tensors instead.
 */
function attachLora(model: Model, options: LoraOptions, seed: number): Attached {
  const outline = outlineOfModel(model);
  const plan = planLora(outline, options);
  const { backend } = model.wordEmbedding.value;
  const branches = plan.layers.flatMap((layer) => {
    const target = model.linears.get(layer.path);
    return target ? [makeBranch(backend, target, layer, options, seed)] : [];
  });
  for (const branch of branches) {
    if (branch.target.transform !== null) throw new Error(`Two methods want the layer ${branch.path}.`);
    branch.target.transform = (x, output, pass) => runBranch(branch, options.dropout, x, output, pass);
  }
  const words = plan.embedding && makeEmbeddingBranch(model, plan.embedding, seed);
  if (words) {
    if (model.hooks.words !== null) throw new Error('Two methods want the word embeddings.');
    model.hooks.words = (ids, embeddings) => runEmbedding(words, ids, embeddings);
  }
  const ofWords = words ? [words.a, words.b] : [];
  const parameters = [...branches.flatMap(parametersOf), ...ofWords];
  // The second matrices and all vectors (https://arxiv.org/abs/2402.12354, as PEFT groups them).
  const fast = [
    ...branches.map(({ b }) => b),
    ...[...parameters, ...ownParameters(model, plan)].filter(({ shape }) => shape.length === 1),
  ];
  const canMerge =
    branches.every(({ bias, target }) => bias === null || target.bias !== null) &&
    // A tied output layer stays as it is.
    !(words && outline.tiedEmbeddings);
  return attachBranches(model, plan, {
    parameters,
    rateFactors: new Map(fast.map((parameter) => [parameter, options.rateRatio])),
    config: () => peftConfig(model, plainOptions(options), plan),
    tensors: () =>
      new Map<string, SavedTensor>([
        ...branches.flatMap(savedTensors),
        ...ofWords.map((parameter) => [parameter.name, parameter] as const),
      ]),
    merge: canMerge
      ? () => {
          branches.forEach(mergeBranch);
          if (words) mergeEmbedding(model, words);
        }
      : null,
    takeOff() {
      for (const { target } of branches) target.transform = null;
      if (words) model.hooks.words = null;
      branches.forEach(disposeStart);
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
      plan.embedding ? plan.embedding.rank * (plan.embedding.vocabulary + plan.embedding.width) : 0,
    );
    return { own: countValues(outline, [...plan.biases, ...plan.savedNames]), added };
  },
  attach(model, options, seed) {
    const problems = checkLora(outlineOfModel(model), options);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachLora(model, options, seed);
  },
};
