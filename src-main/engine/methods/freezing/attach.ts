import { type Problem, describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import { countValues, isInside, outlineOfModel } from '../../models/outline.ts';
import { decayedRates } from '../blockDepth.ts';
import type { Method, ModelOutline } from '../method.ts';
import { attachOwnWeights } from '../ownWeights.ts';
import { unfreezeGradually } from './gradual.ts';
import { freezingSpec } from './spec.ts';

type Options = OptionValues<typeof freezingSpec.options>;

function chosenLayers({ blocks }: ModelOutline, { layers, lastLayers }: Options): readonly number[] {
  if (layers.length > 0) return layers;
  return blocks.map((_, index) => index).slice(Math.max(0, blocks.length - lastLayers));
}

/** What is trained: the chosen blocks, everything above the last block, and on request everything below the first. */
function chosenNames(outline: ModelOutline, options: Options): string[] {
  const { blocks, headNames } = outline;
  const names = [...outline.parameters.keys()];
  const isInBlock = (name: string) =>
    isInside(
      name,
      blocks.map(({ path }) => path),
    );
  const firstInBlocks = names.findIndex(isInBlock);
  const chosen = chosenLayers(outline, options).flatMap((layer) => blocks[layer]?.path ?? []);
  return names.filter((name, index) => {
    if (headNames.includes(name)) return true;
    if (isInBlock(name)) return isInside(name, chosen);
    return index > firstInBlocks || options.embeddings;
  });
}

function checkFreezing(outline: ModelOutline, options: Options): Problem[] {
  const last = outline.blocks.length - 1;
  const problems = options.layers
    .filter((layer) => layer < 0 || layer > last)
    .map((layer) => describeProblem('method.noSuchLayer', { layer, last }, 'layers'));
  if (options.layers.length === 0 && options.lastLayers > last + 1) {
    problems.push(
      describeProblem('method.fewerLayers', { wanted: options.lastLayers, count: last + 1 }, 'lastLayers'),
    );
  }
  return problems;
}

/** Trains some blocks of a model and what stands above them (https://arxiv.org/abs/1911.03090). */
export const freezing: Method<typeof freezingSpec.options> = {
  spec: freezingSpec,
  output: 'model',
  check: checkFreezing,
  count: (outline, options) => ({ own: countValues(outline, chosenNames(outline, options)), added: 0 }),
  attach(model, options, _seed, help = {}) {
    const outline = outlineOfModel(model);
    const problems = checkFreezing(outline, options);
    if (problems.length > 0) throw errorFromProblems(problems);
    const chosen = chosenNames(outline, options).flatMap((name) => model.parameters.get(name) ?? []);
    const attached = attachOwnWeights(chosen, decayedRates(outline, options.layerDecay));
    const everySteps = options.unfreezeEverySteps || help.length?.stepsPerEpoch;
    if (!options.gradual || everySteps === undefined) return attached;
    return { ...attached, course: unfreezeGradually(outline, chosen, everySteps) };
  },
};
