import { type Problem, describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import type { Method, ModelOutline } from '../method.ts';
import { attachOwnWeights } from '../ownWeights.ts';
import { bitfitSpec } from './spec.ts';

function biasesOf({ parameters, headNames }: ModelOutline): string[] {
  return [...parameters.keys()].filter((name) => name.endsWith('bias') && !headNames.includes(name));
}

function checkBitfit(outline: ModelOutline): Problem[] {
  const { modelType } = outline;
  return biasesOf(outline).length > 0 ? [] : [describeProblem('method.noBiases', { modelType })];
}

const trainedNames = (outline: ModelOutline) => [...biasesOf(outline), ...outline.headNames];

/** Trains every bias of the body, norms' included, and the task head (https://arxiv.org/abs/2106.10199). */
export const bitfit: Method<typeof bitfitSpec.options> = {
  spec: bitfitSpec,
  output: 'model',
  check: checkBitfit,
  count: (outline) => ({ own: countValues(outline, trainedNames(outline)), added: 0 }),
  attach(model) {
    const outline = outlineOfModel(model);
    const problems = checkBitfit(outline);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachOwnWeights(trainedNames(outline).flatMap((name) => model.parameters.get(name) ?? []));
  },
};
