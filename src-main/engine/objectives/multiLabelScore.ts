import type { Metrics } from '../../contract/runs.ts';

/** What was found of one label. */
interface Tally {
  right: number;
  chosen: number;
  actual: number;
}

/** 2·right / (chosen + actual), 0 where there is neither. */
function f1({ right, chosen, actual }: Tally): number {
  return chosen + actual === 0 ? 0 : (2 * right) / (chosen + actual);
}

/** Loss, F1 over all decisions and as the mean of all labels, and the share of texts with exactly the right labels. */
export function startMultiLabelScore(labels: readonly string[]) {
  const tallies = labels.map((): Tally => ({ right: 0, chosen: 0, actual: 0 }));
  let lossSum = 0;
  let exact = 0;
  let total = 0;
  return {
    /** @param loss mean over a batch */
    add(loss: number, chosen: readonly (readonly number[])[], actual: readonly (readonly number[])[]): void {
      lossSum += loss * actual.length;
      total += actual.length;
      actual.forEach((wanted, row) => {
        const found = chosen[row] ?? [];
        tallies.forEach((tally, label) => {
          const [isChosen, isActual] = [found.includes(label), wanted.includes(label)];
          tally.chosen += Number(isChosen);
          tally.actual += Number(isActual);
          tally.right += Number(isChosen && isActual);
        });
        if (found.length === wanted.length && found.every((label) => wanted.includes(label))) exact++;
      });
    },
    finish(): { readonly metrics: Metrics } {
      const sum = (name: keyof Tally) => tallies.reduce((all, tally) => all + tally[name], 0);
      const rows = Math.max(1, total);
      return {
        metrics: {
          loss: lossSum / rows,
          microF1: f1({ right: sum('right'), chosen: sum('chosen'), actual: sum('actual') }),
          macroF1: tallies.reduce((all, tally) => all + f1(tally), 0) / Math.max(1, tallies.length),
          exactMatch: exact / rows,
        },
      };
    },
  };
}
