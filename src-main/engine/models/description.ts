import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
} from '../../contract/errors/index.ts';
import { type Head, type Task, allTasks, headOf } from '../../contract/methods.ts';
import type { EngineFiles } from '../files.ts';
import { isTable, readJsonTable } from '../formats/jsonFiles.ts';
import type { Architecture, Blueprint } from './architecture.ts';
import { type ConfigJson, ConfigReader } from './configReader.ts';
import { type ModelLayout, withoutPrefix } from './layout.ts';
import { architectures, findArchitecture } from './registry.ts';

/** What a model folder's config.json says. */
export interface ModelDescription {
  readonly architecture: Architecture;
  readonly blueprint: Blueprint;
  readonly configJson: ConfigJson;
  /** Class names of the checkpoint's own head, in order; empty where it has none. */
  readonly labels: readonly string[];
}

/** `id2label` as a list; transformers' placeholder names LABEL_0, LABEL_1 … count as names. */
function readLabels(configJson: ConfigJson): string[] {
  const { id2label: names } = configJson;
  if (!isTable(names)) return [];
  return Object.entries(names)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => String(name));
}

/**
 * Reads a parsed config.json.
 * @param file its path for error sentences
 * @throws TunebenchError with every problem of the configuration
 */
export function describeConfig(configJson: ConfigJson, file: string, folder: string): ModelDescription {
  const architecture = findArchitecture(configJson.model_type);
  if (architecture === undefined) {
    const known = Object.keys(architectures).join(', ');
    const modelType = String(configJson.model_type ?? '–');
    throw new TunebenchError('model.unsupportedArchitecture', { folder, modelType, known });
  }
  const reader = new ConfigReader(configJson, file);
  if (configJson.quantization_config != null) {
    reader.unsupported('quantization_config', configJson.quantization_config, 'null');
  }
  const blueprint = architecture.read(reader);
  if (reader.problems.length > 0) throw errorFromProblems(reader.problems);
  return { architecture, blueprint, configJson, labels: readLabels(configJson) };
}

/** Reads a model folder's config.json. Throws where it is missing, broken or unsupported. */
export function describeModel(files: EngineFiles, folder: string): ModelDescription {
  const path = files.join(folder, 'config.json');
  if (!files.exists(path)) throw new TunebenchError('modelFolder.noConfig', { folder });
  return describeConfig(readJsonTable(files, path), path, folder);
}

/** The weights and layers of a model with a head; without one, named as the body alone is. */
export function layoutOf(
  { architecture, blueprint }: ModelDescription,
  head: Head,
  labelCount: number,
): ModelLayout {
  const layout = blueprint.layout(head, labelCount);
  return head === 'none' ? withoutPrefix(layout, architecture.prefix) : layout;
}

/** Everything wrong with doing a task with this model. */
export function checkTask(description: ModelDescription, task: Task): Problem[] {
  const { classNames, modelType } = description.architecture;
  if (classNames[headOf(task)] !== undefined) return [];
  const tasks = allTasks.filter((each) => classNames[headOf(each)] !== undefined);
  return [describeProblem('model.notForTask', { modelType, task, tasks: tasks.join(', ') })];
}
