import type { BakeOffResult, BakeOffRow } from '../../contract/bakeOff.ts';
import type { RunDetail, RunSummary } from '../../contract/runs.ts';
import { spreadOf } from '../../contract/statistics.ts';
import { sameText } from '../../contract/text.ts';
import { listMethods, listObjectives } from '../../engine/index.ts';
import { folderBytes } from '../../platform/index.ts';
import { type Contender, type DecidingMetric, judge, rank } from '../../tuning/index.ts';
import type { ServiceContext } from '../context.ts';

/** Runs of one method with the same settings; they differ in their seeds. */
function groupByMethod(runs: readonly RunSummary[]): RunSummary[][] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const { method, training } = run.config;
    const key = JSON.stringify([method.id, method.options, training['learningRate']]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

/** The metric of the task, on the most honest split that all finished runs have. */
function findMetric(finished: readonly RunSummary[], task: RunSummary['task']): DecidingMetric | null {
  const deciding = listObjectives().find(({ spec }) => spec.id === task)?.spec.decidingMetric;
  if (finished.length === 0 || deciding === undefined) return null;
  const name = ['test', 'validation', 'train']
    .map((split) => `${split}.${deciding.name}`)
    .find((candidate) => finished.every(({ metrics }) => metrics[candidate] !== undefined));
  return name === undefined ? null : { name, better: deciding.better };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : spreadOf(known).mean;
}

function largestOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Milliseconds from a run's start to its end; those of earlier versions know only what the clock on the wall said. */
function durationOf({ startedAt, endedAt, elapsedMs }: RunSummary): number | null {
  if (elapsedMs !== null) return elapsedMs;
  return startedAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt);
}

type Entry = Contender & { readonly row: BakeOffRow };

function describeMethod(
  context: ServiceContext,
  runs: readonly RunDetail[],
  metric: DecidingMetric | null,
): Entry | null {
  const [first] = runs;
  if (first === undefined) return null;
  const through = runs.filter(({ status }) => status === 'completed');
  const values = through.flatMap(({ metrics }) => (metric === null ? [] : (metrics[metric.name] ?? [])));
  const { files, dataFolder } = context;
  const resultBytes = (run: RunDetail) => folderBytes(files.join(dataFolder.runPath(run.id), 'result'));
  const trainableParameters = largestOf(runs.map((run) => run.trainableParameters));
  return {
    name: listMethods().find(({ spec }) => spec.id === first.methodId)?.spec.name ?? sameText(first.methodId),
    values,
    trainableParameters,
    row: {
      methodId: first.methodId,
      options: first.config.method.options,
      learningRate: numberOf(first.config.training['learningRate'], NaN) || null,
      runs: runs.map(({ id, status, config }) => ({
        id,
        status,
        seed: numberOf(config.training['seed'], 0),
      })),
      quality: values.length === 0 ? null : spreadOf(values),
      trainableParameters,
      totalParameters: largestOf(runs.map((run) => run.totalParameters)),
      peakMemoryBytes: largestOf(through.map((run) => run.peakMemoryBytes)),
      durationMs: meanOf(through.map(durationOf)),
      resultBytes: largestOf(through.map(resultBytes)),
    },
  };
}

/** The table of a group of runs, the best method first, and what it says. */
export function describeBakeOff(
  context: ServiceContext,
  group: string,
  runs: readonly RunSummary[],
): BakeOffResult | null {
  const [first] = runs;
  if (first === undefined) return null;
  const finished = runs.filter(({ status }) => status === 'completed');
  const metric = findMetric(finished, first.task);
  const entries = groupByMethod(runs).flatMap((members) => {
    const details = members.flatMap(({ id }) => context.store.runs.get(id) ?? []);
    return describeMethod(context, details.toReversed(), metric) ?? [];
  });
  const ranked: readonly Entry[] = metric === null ? [] : rank(entries, metric);
  const rest = entries.filter(({ row }) => !ranked.some((one) => one.row === row));
  return {
    group,
    task: first.task,
    modelId: first.modelId,
    modelName: first.modelName,
    datasetName: first.datasetName,
    metric,
    runs: runs.length,
    finishedRuns: finished.length,
    rows: [...ranked, ...rest].map(({ row }) => row),
    verdict: judge(entries, metric, { runs: runs.length, finishedRuns: finished.length }),
  };
}
