import { describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import type { Method, ModelOutline } from '../method.ts';
import { attachOwnWeights } from '../ownWeights.ts';
import { headSpec } from './spec.ts';

function checkHead({ headNames, head: kind }: ModelOutline) {
  return headNames.length > 0 ? [] : [describeProblem('method.noHead', { head: kind })];
}

export const head: Method<typeof headSpec.options> = {
  spec: headSpec,
  output: 'model',
  check: checkHead,
  count: (outline) => ({ own: countValues(outline, outline.headNames), added: 0 }),
  attach(model) {
    const problems = checkHead(outlineOfModel(model));
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachOwnWeights(model.headNames.flatMap((name) => model.parameters.get(name) ?? []));
  },
};
