import type { RunDetail } from '../../../contract/runs.ts';
import type { ServiceContext } from '../../context.ts';

/** Names of runs, metrics and parameters as file names: letters, digits and a few signs; each name once. */
export function fileNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const plain = name.replaceAll(/[^\p{L}\p{N}_.\- ]/gu, '_');
    let free = plain;
    for (let count = 2; taken.has(free); count++) free = `${plain}_${count}`;
    taken.add(free);
    return free;
  };
}

/** When each step was, in milliseconds since 1970, as far as the run's log knows; the others are put a millisecond apart. */
export function timesOf(context: ServiceContext, run: RunDetail): (step: number) => number {
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const known = new Map<number, number>();
  for (const { metric, steps, values } of context.store.metrics.points(run.id)) {
    if (metric !== 'axis.wallSeconds') continue;
    steps.forEach((step, index) => known.set(step, Math.round((values[index] ?? 0) * 1000)));
  }
  return (step) => known.get(step) ?? start + step;
}
