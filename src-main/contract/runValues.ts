import { z } from 'zod';
import type { OptionValue } from './options.ts';
import type { RunSummary } from './runs.ts';

/** The lowest and the highest value a metric had while a run trained. */
export const metricExtremesSchema = z.object({ lowest: z.number(), highest: z.number() });
export type MetricExtremes = z.infer<typeof metricExtremesSchema>;

/** By run and by metric. */
export const runExtremesSchema = z.record(z.string(), z.record(z.string(), metricExtremesSchema));
export type RunExtremes = z.infer<typeof runExtremesSchema>;

/** Which value stands for a curve; `last` is written without a name: `validation.accuracy`, `best(validation.accuracy)`. */
export const reducers = ['last', 'best', 'min', 'max'] as const;
export type Reducer = (typeof reducers)[number];

const isReducer = (name: string): name is Reducer => reducers.some((reducer) => reducer === name);

/** Losses and their like are better when lower; shares of right answers when higher. */
export function isLowerBetter(metric: string): boolean {
  return /loss|perplexity/i.test(metric);
}

/** `best(accuracy)` → what is asked of which metric; any other name asks for the newest value. */
export function parseColumn(column: string): { readonly reducer: Reducer; readonly name: string } {
  const [, reducer, name] = /^([a-z]+)\((.+)\)$/.exec(column) ?? [];
  return reducer !== undefined && name !== undefined && isReducer(reducer)
    ? { reducer, name }
    : { reducer: 'last', name: column };
}

export function writeColumn(reducer: Reducer, name: string): string {
  return reducer === 'last' ? name : `${reducer}(${name})`;
}

/** What a short name may stand for, the most honest split first. */
const fullNames = (name: string) => [name, `test.${name}`, `validation.${name}`, `train.${name}`];

/** The metrics whose extremes have to be known for some columns. */
export function metricsToReduce(columns: Iterable<string>): string[] {
  const names = [...columns].flatMap((column) => {
    const { reducer, name } = parseColumn(column);
    return reducer === 'last' ? [] : fullNames(name);
  });
  return [...new Set(names)].sort();
}

const facts: Readonly<Record<string, (run: RunSummary) => OptionValue | undefined>> = {
  model: (run) => run.modelName,
  data: (run) => run.datasetName,
  method: (run) => run.methodId,
  task: (run) => run.task,
  status: (run) => run.status,
  project: (run) => run.project ?? undefined,
  group: (run) => run.group ?? undefined,
  tags: (run) => (run.tags.length === 0 ? undefined : run.tags.join(', ')),
  step: (run) => run.step,
  totalSteps: (run) => run.totalSteps ?? undefined,
  trainableParameters: (run) => run.trainableParameters ?? undefined,
  totalParameters: (run) => run.totalParameters ?? undefined,
  seconds: (run) => (run.elapsedMs === null ? undefined : run.elapsedMs / 1000),
};
export const factNames: readonly string[] = Object.keys(facts);

/**
 * What a column says of a run: a setting as it was frozen, the newest, best, lowest or highest value of a metric (`accuracy`
 * is the test's, else the validation's, else the training's), or a fact such as `model` or `seconds`.
 * @param extremes without them only newest values are known
 */
export function runValue(run: RunSummary, column: string, extremes?: RunExtremes): OptionValue | undefined {
  const { reducer, name } = parseColumn(column);
  const metric = fullNames(name).find((full) => run.metrics[full] !== undefined);
  if (reducer !== 'last') {
    const found = metric === undefined ? undefined : extremes?.[run.id]?.[metric];
    const lowest = reducer === 'min' || (reducer === 'best' && isLowerBetter(name));
    return lowest ? found?.lowest : found?.highest;
  }
  const { training, method, objective } = run.config;
  // The learning rate that was set, not the one its schedule ended with, which is `train.learningRate`.
  const setting = training[name] ?? method.options[name] ?? objective[name];
  return setting ?? (metric === undefined ? facts[name]?.(run) : run.metrics[metric]);
}

function compareValues(a: OptionValue, b: OptionValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return String(a).localeCompare(String(b));
}

/** Runs in the order of their values; equal ones stay in the order they came in, those without a value come last. */
export function orderRuns<Run extends RunSummary>(
  runs: readonly Run[],
  valueOf: (run: Run) => OptionValue | undefined,
  descending: boolean,
): Run[] {
  const direction = descending ? -1 : 1;
  return runs
    .map((run) => ({ run, value: valueOf(run) }))
    .sort(({ value: a }, { value: b }) =>
      a === undefined || b === undefined
        ? Number(a === undefined) - Number(b === undefined)
        : direction * compareValues(a, b),
    )
    .map(({ run }) => run);
}
