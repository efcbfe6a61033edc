import { keep, scope } from '../../autodiff/scope.ts';
import { Parameter } from '../../autodiff/tensor.ts';
import { filled, fromValues, multiply, scale } from '../../ops/index.ts';
import type { Course } from '../method.ts';
import { type AdaLoraBranch, orthogonalityLoss } from './branch.ts';
import { chooseRanks, scoreRanks, startImportance, stateOf, updateImportance } from './importance.ts';
import type { RankPattern } from './peftConfig.ts';
import type { AdaLoraOptions } from './plan.ts';
import { type Phases, budgetAt, isPruned, lastChoice } from './schedule.ts';

/** AdaLoRA at work: measures what matters, and lets go of what matters least. */
export interface Pruning {
  readonly course: Course & { readonly state: readonly Parameter[] };
  /** What was chosen in the end; null before. */
  pattern(): RankPattern | null;
}

export function startPruning(
  branches: readonly AdaLoraBranch[],
  options: AdaLoraOptions,
  phases: Phases,
): Pruning {
  const tracked = branches.map((branch) => ({
    branch,
    importance: startImportance(branch),
    // 1 for ranks that stay, as E `[rank, 1]`.
    kept: new Parameter(`${branch.e.name}.kept`, keep(filled(branch.e.value.backend, branch.e.shape, 1))),
  }));
  const ranks = {
    initial: options.initialRank * branches.length,
    target: options.targetRank * branches.length,
  };
  const end = lastChoice(phases);
  let budget = ranks.initial;

  const choose = (step: number) => {
    const chosen = chooseRanks(
      tracked.map(({ importance }) => scoreRanks(importance)),
      budget,
    );
    tracked.forEach(({ branch: { e }, kept }, index) => {
      const mask = Float32Array.from(chosen[index] ?? [], Number);
      const asTensor = () => fromValues(e.value.backend, mask, e.shape, 'float32');
      e.assign(scope(() => keep(multiply(e.value, asTensor()))));
      if (step === end) kept.assign(scope(() => keep(asTensor())));
    });
  };
  const holdChoice = () => {
    for (const { branch, kept } of tracked) {
      const { e } = branch;
      e.assign(scope(() => keep(multiply(e.value, kept.value))));
    }
  };
  return {
    course: {
      penalty: () => scope(() => scale(orthogonalityLoss(branches), options.orthogonality)),
      afterUpdate(step, gradientScale) {
        budget = budgetAt(step, phases, ranks);
        if (step < end) {
          for (const { importance } of tracked) updateImportance(importance, gradientScale, options);
        }
        if (isPruned(step, phases)) choose(step);
        else if (step > end) holdChoice();
      },
      metrics: () => ({ averageRank: budget / branches.length }),
      state: tracked.flatMap(({ importance, kept }) => [...stateOf(importance), kept]),
    },
    pattern() {
      const chosen = tracked.map(
        ({ branch, kept }) => [branch.path, Array.from(kept.value.values(), (value) => value > 0)] as const,
      );
      const isWhole = chosen.every(([, kept]) => kept.every((stays) => stays));
      return isWhole ? null : new Map(chosen);
    },
  };
}
