import { type Problem, describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import { outlineOfModel } from '../../models/outline.ts';
import {
  type BottleneckOptions,
  attachBottleneck,
  bottleneckHub,
  countBottleneck,
} from '../bottleneck/attach.ts';
import type { Method, ModelOutline } from '../method.ts';
import { madxSpec } from './spec.ts';

type Options = OptionValues<typeof madxSpec.options>;

function bottleneckOptions({ invertibleReductionFactor, ...options }: Options): BottleneckOptions {
  return { ...options, invertibleFactor: invertibleReductionFactor };
}

/** The inverse stands where hidden states turn into word embeddings again, so both must be as wide. */
function checkMadx({ parameters, wordEmbedding, blocks, linears, modelType }: ModelOutline): Problem[] {
  const words = parameters.get(wordEmbedding)?.[1] ?? 0;
  const width = linears.get(blocks[0]?.output ?? '')?.outFeatures ?? words;
  return words === width && words % 2 === 0
    ? []
    : [describeProblem('method.embeddingsNotAsWide', { modelType, words, width })];
}

/** The language adapter of MAD-X (https://arxiv.org/abs/2005.00052), `seq_bn_inv` in the adapters library. */
export const madx: Method<typeof madxSpec.options> = {
  spec: madxSpec,
  output: 'adapter',
  hub: bottleneckHub('pfeiffer', 'invertible'),
  check: checkMadx,
  count: (outline, options) => countBottleneck(outline, bottleneckOptions(options), 'pfeiffer'),
  attach(model, options, seed) {
    const problems = checkMadx(outlineOfModel(model));
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachBottleneck(model, bottleneckOptions(options), 'pfeiffer', seed);
  },
};
