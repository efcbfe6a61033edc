import { type Problem, describeProblem } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import { type LoraOptions, type LoraPlan, checkLora, planLora } from '../lora/plan.ts';
import type { ModelOutline } from '../method.ts';
import type { adaloraOptions } from './spec.ts';

export type AdaLoraOptions = OptionValues<typeof adaloraOptions>;

/** The part that is LoRA's: which layers, biases and modules. */
function asLora(options: AdaLoraOptions): LoraOptions {
  const { initialRank, alpha, dropout, targets, bias, layers, exclude, modulesToSave } = options;
  return {
    rank: initialRank,
    alpha,
    dropout,
    targets,
    bias,
    layers,
    exclude,
    modulesToSave,
    useRslora: false,
    useDora: false,
    rateRatio: 1,
    init: 'kaiming',
    rankPattern: {},
    alphaPattern: {},
    loraBias: false,
  };
}

export function planAdaLora(outline: ModelOutline, options: AdaLoraOptions): LoraPlan {
  return planLora(outline, asLora(options));
}

export function checkAdaLora(outline: ModelOutline, options: AdaLoraOptions): Problem[] {
  const { initialRank, targetRank, initialShare, finalShare } = options;
  const problems = checkLora(outline, asLora(options)).map((problem) =>
    problem.path === 'rank' ? { ...problem, path: 'initialRank' } : problem,
  );
  if (targetRank > initialRank) {
    problems.push(describeProblem('method.rankGrows', { targetRank, initialRank }, 'targetRank'));
  }
  if (initialShare + finalShare >= 1) {
    problems.push(describeProblem('method.noTimeToPrune', { initialShare, finalShare }, 'finalShare'));
  }
  return problems;
}
