import type { Advice } from '../../contract/coach.ts';
import type { OptionValue } from '../../contract/options.ts';
import type { RunDetail } from '../../contract/runs.ts';
import { objectiveFor } from '../../engine/objectives/registry.ts';
import { type CurvePoint, adviseOnRun } from '../../tuning/index.ts';
import type { ServiceContext } from '../context.ts';

/** Points of a curve the coach reads: enough for its rules, few enough to be read in a moment. */
const pointsRead = 2_000;

function numberOf(value: OptionValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** What the coach has to say about a run, from what is in the log. */
export function adviseOn(context: ServiceContext, run: RunDetail): Advice[] {
  const { store } = context;
  const metrics = ['train.loss', 'validation.loss'];
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
  return adviseOnRun({
    training: {
      learningRate: numberOf(training['learningRate'], 0),
      epochs,
      batchSize: numberOf(training['batchSize'], 1),
      accumulation: numberOf(training['accumulation'], 1),
    },
    trainRows: store.datasets.get(run.datasetId)?.rowsBySplit.train ?? null,
    labels: confusion?.labels ?? run.labels,
    stepsPerEpoch: Math.max(1, (run.totalSteps ?? 0) / epochs),
    finished: run.status === 'completed',
    failureCode: run.status === 'failed' ? (run.problems[0]?.code ?? null) : null,
    trainLoss: curve('train.loss'),
    validationLoss: curve('validation.loss'),
    confusion: confusion?.counts ?? null,
  });
}
