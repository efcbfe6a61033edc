import type { RunDetail } from '../../../contract/runs.ts';
import { writeFolderAtomically } from '../../../platform/index.ts';
import type { ServiceContext } from '../../context.ts';
import { encodeFileHeader, encodeScalar } from './eventFile.ts';
import { fileNames, timesOf } from './outside.ts';
import { concatBytes } from './protobuf.ts';

/** Points that are written together. */
const pointsAtOnce = 4_096;

/** `train.loss` → `train/loss`: TensorBoard groups by what stands before the slash. */
const tagOf = (metric: string) => metric.replace('.', '/');

/**
 * Writes each run as a folder with an event file, also those that came from elsewhere: `tensorboard --logdir FOLDER`
 * shows them beside each other.
 * @returns the bytes written
 */
export function exportEventFiles(
  context: ServiceContext,
  runs: readonly RunDetail[],
  target: string,
): number {
  const { sizeBytes } = writeFolderAtomically(target, (file) => {
    const folderName = fileNames();
    for (const run of runs) {
      const startMs = Date.parse(run.startedAt ?? run.createdAt);
      const sink = file(`${folderName(run.name)}/events.out.tfevents.${startMs}.tunebench`);
      sink.write(encodeFileHeader(startMs / 1000));
      const timeOf = timesOf(context, run);
      for (const { metric, steps, values } of context.store.metrics.points(run.id)) {
        if (metric.startsWith('axis.')) continue;
        const tag = tagOf(metric);
        for (let first = 0; first < steps.length; first += pointsAtOnce) {
          const scalars = Array.from(steps.slice(first, first + pointsAtOnce), (step, index) =>
            encodeScalar({ tag, step, wallTime: timeOf(step) / 1000, value: values[first + index] ?? 0 }),
          );
          sink.write(concatBytes(scalars));
        }
      }
    }
  });
  return sizeBytes;
}
