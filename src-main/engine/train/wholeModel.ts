import type { ByteSink, EngineFiles } from '../files.ts';
import { writeModelFiles } from '../formats/modelFolder.ts';
import type { Model } from '../models/model.ts';
import type { Objective } from '../objectives/objective.ts';
import type { CheckedTraining } from './check.ts';

/** Writes a trained model whole, with what other programs want to know of its task. */
export function writeWholeModel(
  files: EngineFiles,
  model: Model,
  objective: Objective,
  options: CheckedTraining['methodOptions'],
  file: (name: string) => ByteSink,
): void {
  writeModelFiles(files, model, file, objective.configChanges?.(options));
  for (const [name, contents] of Object.entries(objective.resultFiles?.(model, options) ?? {})) {
    file(name).write(new TextEncoder().encode(`${JSON.stringify(contents, null, 2)}\n`));
  }
}
