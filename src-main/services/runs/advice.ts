import type { Advice } from '../../contract/coach.ts';
import type { DatasetSummary } from '../../contract/datasets.ts';
import { type Task, headOf } from '../../contract/methods.ts';
import type { OptionValue } from '../../contract/options.ts';
import type { RunDetail } from '../../contract/runs.ts';
import { findMethod } from '../../engine/methods/registry.ts';
import { hasOwnHead } from '../../engine/models/ownHeads.ts';
import { objectiveFor } from '../../engine/objectives/registry.ts';
import { type CurvePoint, adviseOnRun } from '../../tuning/index.ts';
import type { ServiceContext } from '../context.ts';
import { loadJob } from './resultFolders.ts';

/** Points of a curve the coach reads: enough for its rules, few enough to be read in a moment. */
const pointsRead = 2_000;

function numberOf(value: OptionValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

const textsPrefix = 'texts.';

/** The metric that decides on a run's watched texts; null where it watches none. */
function watchedMetric(context: ServiceContext, { id, config }: RunDetail) {
  const task = config.watchDatasetId === undefined ? undefined : loadJob(context, id).watch?.task;
  if (task === undefined) return null;
  const { name, better } = objectiveFor(task).spec.decidingMetric;
  return { name, better, series: `watch.${name}` };
}

function readsPlainText(task: Task, dataset: DatasetSummary | undefined): boolean {
  const roles = dataset?.mapping.roles ?? {};
  return task === 'maskedLm' || (task === 'causalLm' && !('completion' in roles) && !('messages' in roles));
}

/** By which task a run's model could read its texts as they are; null where it has no head for that, or there are none. */
function plainTextTask(
  context: ServiceContext,
  run: RunDetail,
  dataset: DatasetSummary | undefined,
): Task | null {
  const model = context.store.models.get(run.modelId);
  if (model === undefined || dataset?.mapping.roles.text === undefined) return null;
  const task: Task = headOf(run.task) === 'nextToken' ? 'causalLm' : 'maskedLm';
  try {
    return hasOwnHead(context.files, model.folder, task, []) ? task : null;
  } catch {
    return null;
  }
}

/** What the coach has to say about a run, from what is in the log. */
export function adviseOn(context: ServiceContext, run: RunDetail): Advice[] {
  const { store } = context;
  const watched = watchedMetric(context, run);
  const names = store.metrics.names(run.id).filter((name) => name.startsWith(textsPrefix));
  const metrics = ['train.loss', 'validation.loss', ...names, ...(watched ? [watched.series] : [])];
  const series = store.metrics.series({ runId: run.id, metrics, maximumPoints: pointsRead });
  const curve = (name: string): CurvePoint[] =>
    (series.find(({ metric }) => metric === name)?.points ?? []).map(({ step, last }) => ({
      step,
      value: last,
    }));
  // The table of spans also counts what is none, which is no class of its own.
  const judgesTexts = objectiveFor(run.task).spec.prediction === 'labels';
  const confusion = judgesTexts ? run.confusion : null;
  const { training } = run.config;
  const epochs = numberOf(training['epochs'], 1);
  const dataset = store.datasets.get(run.datasetId);
  return adviseOnRun({
    method: { changesModel: findMethod(run.methodId)?.output === 'model' },
    texts: Object.fromEntries(
      names.flatMap((name) => curve(name).map(({ value }) => [name.slice(textsPrefix.length), value])),
    ),
    watch: watched && {
      metric: watched.name,
      better: watched.better,
      points: curve(watched.series),
      now: run.metrics[watched.series] ?? NaN,
    },
    readsPlainText: readsPlainText(run.task, dataset),
    plainTextTask: plainTextTask(context, run, dataset),
    training: {
      learningRate: numberOf(training['learningRate'], 0),
      epochs,
      batchSize: numberOf(training['batchSize'], 1),
      accumulation: numberOf(training['accumulation'], 1),
    },
    trainRows: dataset?.rowsBySplit.train ?? null,
    labels: confusion?.labels ?? run.labels,
    stepsPerEpoch: Math.max(1, (run.totalSteps ?? 0) / epochs),
    finished: run.status === 'completed',
    failureCode: run.status === 'failed' ? (run.problems[0]?.code ?? null) : null,
    trainLoss: curve('train.loss'),
    validationLoss: curve('validation.loss'),
    confusion: confusion?.counts ?? null,
  });
}
