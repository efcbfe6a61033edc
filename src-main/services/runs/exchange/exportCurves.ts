import { TunebenchError } from '../../../contract/errors/index.ts';
import type { CurveFormat } from '../../../contract/runCard.ts';
import type { RunDetail } from '../../../contract/runs.ts';
import { type WriteRequest, writers } from '../../../datasets/index.ts';
import { createAtomicFile, nodeFileSystem } from '../../../platform/index.ts';
import type { ServiceContext } from '../../context.ts';
import { exportMlflow } from './mlflow.ts';

const columns = ['run', 'name', 'metric', 'step', 'value'] as const;

/** Every point of some runs as one long table. */
function pointsOf(context: ServiceContext, runs: readonly RunDetail[]): WriteRequest {
  return {
    columns,
    roles: {},
    forSpreadsheets: false,
    *records() {
      for (const { id, name } of runs) {
        for (const { metric, steps, values } of context.store.metrics.points(id)) {
          for (let index = 0; index < steps.length; index++) {
            const fields = { run: id, name, metric, step: steps[index] ?? 0, value: values[index] ?? 0 };
            yield { split: 'train', fields };
          }
        }
      }
    },
  };
}

/**
 * Writes every point of some runs into a file, or into the folders of an MLflow file store. A failure leaves nothing
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
  const file = createAtomicFile(path);
  let sizeBytes = 0;
  try {
    for (const piece of writers[format].write(pointsOf(context, runs))) {
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
