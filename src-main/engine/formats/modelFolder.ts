import {
  type Problem,
  describeProblem,
  errorFromProblems,
  problemsFromError,
} from '../../contract/errors/index.ts';
import { type ModelType, type Task, allTasks, headOf, headSchema } from '../../contract/methods.ts';
import { findTokenizer } from '../data/tokenizerFiles.ts';
import type { ByteSink, EngineFiles } from '../files.ts';
import { matchCheckpoint } from '../models/checkpoint.ts';
import { type ModelDescription, describeModel, layoutOf } from '../models/description.ts';
import type { Model } from '../models/model.ts';
import { architectures } from '../models/registry.ts';
import { readJsonToRewrite, writeJson } from './jsonFiles.ts';
import { tensorToWrite } from './parameterTensors.ts';
import { writeSafetensors } from './safetensors.ts';
import { copyTokenizer } from './tokenizerFiles.ts';
import { type WeightFiles, openWeightFiles } from './weightFiles.ts';

/** What a model folder holds, as the library lists it. */
export interface ModelFacts {
  readonly modelType: ModelType;
  readonly parameters: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly vocabularySize: number;
  readonly maximumLength: number;
  /** Tasks its weights suffice for. */
  readonly tasks: Task[];
  /** Last path segments of the linear layers a method can target. */
  readonly linearNames: string[];
  /** Class names of its own head; empty where it has none. */
  readonly labels: string[];
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function collectFacts(description: ModelDescription, weights: WeightFiles, folder: string) {
  const { architecture, blueprint, labels } = description;
  const { modelType } = architecture;
  const attempts = headSchema.options
    .filter((head) => architecture.classNames[head] !== undefined)
    .map((head) => {
      const layout = layoutOf(description, head, 2);
      const match = matchCheckpoint(layout, weights.entries, { architecture, folder, reuseHead: false });
      return { head, layout, match };
    });
  const fitting = attempts.filter(({ match }) => match.problems.length === 0);
  // The head with the fewest demands says what is wrong with the body itself, by the names checkpoints have for it.
  const first = attempts.find(({ head }) => head !== 'none') ?? attempts[0];
  const problems = fitting.length > 0 ? [] : (first?.match.problems ?? []);
  const whole = (fitting.length > 0 ? fitting : attempts).reduce<(typeof attempts)[number] | undefined>(
    (most, each) => (most === undefined || each.match.found.size > most.match.found.size ? each : most),
    undefined,
  );
  if (whole === undefined) throw new Error(`The architecture ${modelType} can have no head.`);
  const { found } = whole.match;
  const counted = [...found.values()].reduce((total, entry) => total + elements(entry.shape), 0);
  const targets = [...whole.layout.linears.keys()].filter((path) => found.has(`${path}.weight`));
  const facts: ModelFacts = {
    modelType,
    parameters: counted,
    hiddenSize: blueprint.hiddenSize,
    layers: blueprint.layers,
    vocabularySize: blueprint.vocabularySize,
    maximumLength: blueprint.maximumLength,
    tasks: allTasks.filter((task) => fitting.some(({ head }) => head === headOf(task))),
    linearNames: [...new Set(targets.map((path) => path.split('.').at(-1) ?? path))],
    labels: [...labels],
  };
  return { facts, problems };
}

/**
 * Looks into a model folder without loading its weights.
 * @throws TunebenchError with everything that is missing or wrong, all at once
 */
export function inspectModelFolder(files: EngineFiles, folder: string): ModelFacts {
  const problems: Problem[] = [];
  const attempt = <Result>(read: () => Result): Result | null => {
    try {
      return read();
    } catch (error) {
      problems.push(...problemsFromError(error));
      return null;
    }
  };
  const description = attempt(() => describeModel(files, folder));
  // A folder without config.json is no model folder: what else it lacks says nothing.
  if (!files.exists(files.join(folder, 'config.json'))) throw errorFromProblems(problems);
  const tokenizer = findTokenizer(files, folder);
  if (tokenizer.file === null) {
    const { unread } = tokenizer;
    problems.push(
      unread === null
        ? describeProblem('modelFolder.noTokenizer', { folder })
        : describeProblem('tokenizer.sentencePiece', { folder, file: unread }),
    );
  }
  const weights = attempt(() => openWeightFiles(files, folder));
  let facts: ModelFacts | null = null;
  try {
    if (description && weights) {
      const collected = collectFacts(description, weights, folder);
      problems.push(...collected.problems);
      ({ facts } = collected);
    }
  } finally {
    weights?.close();
  }
  if (facts === null || problems.length > 0) throw errorFromProblems(problems);
  return facts;
}

/** The model's config.json with what training changed: labels, class, number type. */
function trainedConfig(
  files: EngineFiles,
  model: Model,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { dtype: _dtype, ...config } = readJsonToRewrite(files, files.join(model.folder, 'config.json'));
  const common = { ...config, architectures: [model.className], torch_dtype: 'float32', ...changes };
  if (model.labels.length === 0) return common;
  const { pad_token_id: pad, eos_token_id: end } = config;
  const firstEnd: unknown = Array.isArray(end) ? end[0] : end;
  return {
    ...common,
    id2label: Object.fromEntries(model.labels.map((label, index) => [index, label])),
    label2id: Object.fromEntries(model.labels.map((label, index) => [label, index])),
    // transformers needs a padding id to find the last token of each row of a decoder.
    ...(pad == null && firstEnd != null ? { pad_token_id: firstEnd } : {}),
  };
}

/**
 * Writes a model as a Hugging Face folder that transformers loads: config.json, model.safetensors in float32, and the
 * tokenizer of the folder it came from. An adapter must be merged first.
 * @param file opens a file of the folder being written, as `EngineFiles.writeFolder` hands it out
 * @param changes what else config.json is to say
 */
export function writeModelFiles(
  files: EngineFiles,
  model: Model,
  file: (name: string) => ByteSink,
  changes: Readonly<Record<string, unknown>> = {},
): void {
  writeJson(file('config.json'), trainedConfig(files, model, changes));
  copyTokenizer(files, model.folder, file);
  const { storedNames = {} } = architectures[model.modelType];
  writeSafetensors(
    file('model.safetensors'),
    [...model.parameters].map(([name, parameter]) => tensorToWrite(storedNames[name] ?? name, parameter)),
  );
}
