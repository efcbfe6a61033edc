import { errorFromProblems } from '../../../contract/errors/index.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { attachBranches, modulesOf } from '../lora/complete.ts';
import type { Attached, Method, SavedTensor } from '../method.ts';
import {
  type AdaLoraBranch,
  keptTensors,
  makeBranch,
  mergeBranch,
  parametersOf,
  runBranch,
} from './branch.ts';
import { type SavedAdaLora, peftConfig, readPeftConfig } from './peftConfig.ts';
import { checkAdaLora, planAdaLora } from './plan.ts';
import { type Pruning, startPruning } from './pruning.ts';
import { planPhases } from './schedule.ts';
import { adaloraSpec } from './spec.ts';

function makeBranches(model: Model, { options, pattern }: SavedAdaLora, seed: number): AdaLoraBranch[] {
  const { backend } = model.wordEmbedding.value;
  // Stays what it was when nothing was pruned; PEFT adds the small number.
  const scaling = options.alpha / (options.initialRank + 1e-5);
  return planAdaLora(outlineOfModel(model), options).layers.flatMap((layer) => {
    const target = model.linears.get(layer.path);
    if (target === undefined) return [];
    const rank = pattern?.get(layer.path)?.filter((stays) => stays).length ?? options.initialRank;
    return [makeBranch(backend, target, { ...layer, rank, scaling }, seed)];
  });
}

function setTransforms(branches: readonly AdaLoraBranch[], dropout: number): void {
  for (const branch of branches) {
    const { target, path } = branch;
    if (target.transform !== null) throw new Error(`Two methods want the layer ${path}.`);
    target.transform = (x, output, pass) => runBranch(branch, dropout, x, output, pass);
  }
}

/** @param pruning null for adapters that are only loaded */
function attachTo(
  model: Model,
  saved: SavedAdaLora,
  branches: readonly AdaLoraBranch[],
  pruning: Pruning | null,
): Attached {
  const { options, phases } = saved;
  const plan = planAdaLora(outlineOfModel(model), options);
  // What was pruned away altogether adds nothing.
  const working = branches.filter(({ e }) => e.size > 0);
  setTransforms(working, options.dropout);
  return attachBranches(model, plan, {
    parameters: branches.flatMap(parametersOf),
    config: () => peftConfig(model, options, plan, phases, pruning ? pruning.pattern() : saved.pattern),
    tensors() {
      const pattern = pruning?.pattern();
      return new Map<string, SavedTensor>(
        branches.flatMap((branch): [string, SavedTensor][] => {
          const kept = pattern?.get(branch.path);
          if (kept) return keptTensors(branch, kept);
          return parametersOf(branch).map((parameter) => [parameter.name, parameter]);
        }),
      );
    },
    course: pruning?.course,
    merge: () => working.forEach(mergeBranch),
    takeOff() {
      for (const { target } of working) target.transform = null;
      for (const parameter of pruning?.course.state ?? []) parameter.dispose();
    },
  });
}

/** AdaLoRA (https://arxiv.org/abs/2303.10512) as PEFT does it. */
export const adalora: Method<typeof adaloraSpec.options> = {
  spec: adaloraSpec,
  output: 'adapter',
  saved: {
    peftType: 'ADALORA',
    attach(model, config, folder) {
      const { options, ...rest } = readPeftConfig(config, folder);
      const here = { ...options, modulesToSave: modulesOf(model, options.modulesToSave) };
      const saved = { ...rest, options: here };
      return attachTo(model, saved, makeBranches(model, saved, 0), null);
    },
  },
  check: checkAdaLora,
  count(outline, options) {
    const plan = planAdaLora(outline, options);
    const added = plan.layers.reduce(
      (total, { rank, inFeatures, outFeatures }) => total + rank * (inFeatures + outFeatures + 1),
      0,
    );
    return { own: countValues(outline, [...plan.biases, ...plan.savedNames]), added };
  },
  attach(model, options, seed, help = {}) {
    const problems = checkAdaLora(outlineOfModel(model), options);
    if (problems.length > 0) throw errorFromProblems(problems);
    const phases = planPhases(help.length ?? { totalSteps: 1 }, options);
    const saved = { options, phases, pattern: null };
    const branches = makeBranches(model, saved, seed);
    return attachTo(model, saved, branches, startPruning(branches, options, phases));
  },
};
