import type { RunDetail } from '../runs.ts';
import { isLowerBetter } from '../runValues.ts';

export interface MetricRow {
  /** `test.accuracy`. */
  readonly name: string;
  /** In the order of the runs. */
  readonly values: readonly (number | undefined)[];
  /** Which run is best; undefined where that means nothing or all are equal. */
  readonly best: number | undefined;
}

/** `validation.accuracy` → `validation` and `accuracy`. */
function partsOf(name: string): { split: string; metric: string } {
  const dot = name.indexOf('.');
  return { split: name.slice(0, Math.max(0, dot)), metric: name.slice(dot + 1) };
}

const technical: readonly string[] = ['learningRate', 'gradientNorm', 'rowsPerSecond', 'tokensPerSecond'];
const splitOrder = ['test', 'validation', 'watch', 'train'];

function bestOf(name: string, values: readonly (number | undefined)[]): number | undefined {
  const known = values.flatMap((value) => (value === undefined ? [] : [value]));
  if (known.length < 2 || new Set(known).size === 1) return undefined;
  const best = isLowerBetter(name) ? Math.min(...known) : Math.max(...known);
  return values.indexOf(best);
}

/** Every result metric some run has, the most honest split first; how fast a run was is not a result. */
export function compareMetrics(runs: readonly RunDetail[]): MetricRow[] {
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))]
    .filter((name) => !technical.includes(partsOf(name).metric))
    .sort((a, b) => {
      const order = (name: string) => splitOrder.indexOf(partsOf(name).split);
      return order(a) - order(b) || (a < b ? -1 : 1);
    });
  return names.map((name) => {
    const values = runs.map(({ metrics }) => metrics[name]);
    return { name, values, best: bestOf(name, values) };
  });
}
