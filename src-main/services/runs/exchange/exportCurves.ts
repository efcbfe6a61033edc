import type { Fields } from '../../../contract/datasets.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import type { CurveFormat } from '../../../contract/runCard.ts';
import type { RunDetail } from '../../../contract/runs.ts';
import { sayAnswer, sayAsked } from '../../../contract/samples.ts';
import { type WriteRequest, writers } from '../../../datasets/index.ts';
import { createAtomicFile, nodeFileSystem } from '../../../platform/index.ts';
import type { ServiceContext } from '../../context.ts';
import { exportMlflow } from './mlflow.ts';
import { exportEventFiles } from './tensorboard.ts';

const columns = ['run', 'name', 'metric', 'step', 'value'] as const;

/** Lines of samples, told from those of points by what stands in place of a metric; they have no value to be drawn. */
const samplesName = 'samples';

function* samplesOf(
  { store }: ServiceContext,
  { id, name }: RunDetail,
): Generator<{ split: 'train'; fields: Fields }> {
  for (const step of store.samples.steps(id)) {
    for (const { row, answer, right } of store.samples.at(id, step) ?? []) {
      const { split, asked, expected } = row;
      const said = { split, asked: sayAsked(asked), expected, answer: sayAnswer(answer), right };
      yield { split: 'train', fields: { run: id, name, metric: samplesName, step, value: null, ...said } };
    }
  }
}

/** Every point of some runs as one long table; where lines may differ, what the models made of sampled rows follows. */
function pointsOf(context: ServiceContext, runs: readonly RunDetail[], holdsSamples: boolean): WriteRequest {
  return {
    columns,
    roles: {},
    forSpreadsheets: false,
    *records() {
      for (const run of runs) {
        const { id, name } = run;
        for (const { metric, steps, values } of context.store.metrics.points(id)) {
          for (let index = 0; index < steps.length; index++) {
            const fields = { run: id, name, metric, step: steps[index] ?? 0, value: values[index] ?? 0 };
            yield { split: 'train', fields };
          }
        }
        if (holdsSamples) yield* samplesOf(context, run);
      }
    },
  };
}

/**
 * Writes every point of some runs into a file, or into the folders of an MLflow file store or of TensorBoard. A failure leaves nothing
 * behind; what is there already stays.
 * @returns the bytes written
 * @throws TunebenchError `run.exportExists`
 */
export function exportCurves(
  context: ServiceContext,
  runs: readonly RunDetail[],
  format: CurveFormat,
  path: string,
): number {
  if (nodeFileSystem.status(path) !== undefined) throw new TunebenchError('run.exportExists', { path });
  if (format === 'mlflow') return exportMlflow(context, runs, path);
  if (format === 'tensorboard') return exportEventFiles(context, runs, path);
  const file = createAtomicFile(path);
  let sizeBytes = 0;
  try {
    for (const piece of writers[format].write(pointsOf(context, runs, format === 'jsonl'))) {
      file.write(piece);
      sizeBytes += piece.byteLength;
    }
    file.finish();
    return sizeBytes;
  } catch (error) {
    file.abandon();
    throw error;
  }
}
