import { type Problem, describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import type { Method, ModelOutline } from '../method.ts';
import { PeftSettings } from '../peftSettings.ts';
import { checkVirtualTokens } from '../softPrompt.ts';
import { makeCourse } from './course.ts';
import { noahSpec } from './spec.ts';
import {
  type Genome,
  type SearchSpace,
  countGenome,
  largestGenome,
  makeSpace,
  smallestGenome,
} from './space.ts';
import { attachNetwork, peftType } from './supernet.ts';

type Options = OptionValues<typeof noahSpec.options>;

function spaceOf({ blocks }: Pick<ModelOutline, 'blocks'>, { sizes, promptSizes }: Options): SearchSpace {
  return makeSpace(blocks.length, sizes, promptSizes);
}

/** Numbers that the winner may add. */
function budgetOf(outline: ModelOutline, options: Options): number {
  const whole = countGenome(outline, largestGenome(spaceOf(outline, options)));
  return options.maximumParameters || Math.floor(whole / 2);
}

function checkNoah(outline: ModelOutline, options: Options): Problem[] {
  const lists = ['sizes', 'promptSizes'] as const;
  const bad = lists.filter((name) => options[name].length === 0 || options[name].some((size) => size < 1));
  if (bad.length > 0) {
    return bad.map((name) =>
      describeProblem('method.badSizes', { name, values: options[name].join(', ') || '–' }, name),
    );
  }
  const space = spaceOf(outline, options);
  const smallest = countGenome(outline, smallestGenome(space));
  const budget = budgetOf(outline, options);
  const tooSmall =
    smallest <= budget
      ? []
      : [describeProblem('method.budgetTooSmall', { budget, smallest }, 'maximumParameters')];
  const tokens = checkVirtualTokens(outline, Math.max(...options.promptSizes)).map((problem) => ({
    ...problem,
    path: 'promptSizes',
  }));
  return [...tokens, ...tooSmall];
}

/** A sub-network as it was found and saved. */
function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string) {
  const settings = new PeftSettings(config, folder);
  const genome: Genome = {
    prompt: settings.number('prompt', 0),
    ranks: settings.numbers('ranks'),
    widths: settings.numbers('widths'),
  };
  settings.finish();
  return attachNetwork(model, genome, 0).attached;
}

/**
 * NOAH (https://arxiv.org/abs/2206.04673): a supernet of virtual tokens, adapters and LoRA is trained with sub-networks drawn
 * at random, the best one within a budget is searched on the validation rows, and trained from the start.
 */
export const noah: Method<typeof noahSpec.options> = {
  spec: noahSpec,
  output: 'adapter',
  saved: { peftType, attach: attachSaved },
  positions: ({ promptSizes }) => Math.max(0, ...promptSizes),
  check: checkNoah,
  count: (outline, options) => ({
    own: countValues(outline, outline.headNames),
    added: countGenome(outline, largestGenome(spaceOf(outline, options))),
  }),
  attach(model, options, seed, help = {}) {
    const outline = outlineOfModel(model);
    const problems = checkNoah(outline, options);
    if (problems.length > 0) throw errorFromProblems(problems);
    const space = spaceOf(outline, options);
    const network = attachNetwork(model, largestGenome(space), seed);
    const { attached } = network;
    if (help.length === undefined) return attached;
    const { population, generations } = options;
    const course = makeCourse(network, {
      space,
      seed,
      budget: budgetOf(outline, options),
      supernetSteps: Math.max(1, Math.floor(help.length.totalSteps * options.supernetShare)),
      count: (genome) => countGenome(outline, genome),
      plan: {
        population,
        generations,
        parents: Math.max(1, Math.floor(population / 5)),
        mutations: Math.floor(population / 2),
        crossovers: Math.floor(population / 2),
      },
    });
    return {
      ...attached,
      course,
      // The winner is known only in the end.
      get adapter() {
        return network.describe();
      },
    };
  },
};
