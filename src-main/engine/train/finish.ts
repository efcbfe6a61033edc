import type { Metrics } from '../../contract/runs.ts';
import type { Attached } from '../methods/method.ts';
import { createYielder } from './control.ts';
import { evaluate } from './evaluate.ts';
import { type LoopSetup, evaluationSetup } from './loop.ts';
import type { Opening } from './opening.ts';
import { writeResult } from './result.ts';

/** Takes the best weights, measures the test rows with them, and writes the result. */
export async function finish(
  opening: Opening,
  setup: LoopSetup,
  attached: Attached,
  outcome: 'completed' | 'stopped',
  startMs: number,
): Promise<'completed' | 'stopped'> {
  const { request, checked, observer, position, checkpoints } = opening;
  const { best } = position;
  if (best !== null && best.step !== position.step) {
    checkpoints.restoreWeights(best.step, request.backend, setup.stored);
  }
  const metrics: Record<string, Metrics> = {};
  if (observer.lastMetrics !== null) metrics['train'] = observer.lastMetrics;
  if (best !== null) metrics['validation'] = best.metrics;
  const watched = best?.watched ?? position.watched;
  if (watched !== null) metrics['watch'] = watched;
  const { test } = setup.examples;
  if (outcome === 'completed' && test.length > 0) {
    const evaluation = await evaluate(evaluationSetup(setup, createYielder()), test);
    if (evaluation === null) outcome = 'stopped';
    else {
      metrics['test'] = evaluation.metrics;
      observer.tell({ event: 'evaluated', step: position.step, split: 'test', ...evaluation, best: false });
    }
  }
  const { files, job } = request;
  await writeResult(setup, files.join(job.runFolder, 'result'), setup.model, attached, checked);
  observer.tell({
    event: 'finished',
    outcome,
    metrics,
    step: position.step,
    rowsPerSecond: observer.rowsPerSecond,
    peakMemoryBytes: observer.peakMemoryBytes,
    trainableParameters: attached.trainable.reduce((sum, { size }) => sum + size, 0),
    elapsedMs: performance.now() - startMs,
  });
  return outcome;
}
