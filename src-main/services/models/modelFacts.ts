import {
  type Problem,
  TunebenchError,
  errorFromProblems,
  problemsFromError,
} from '../../contract/errors/index.ts';
import { taskSchema } from '../../contract/methods.ts';
import type { ModelSummary } from '../../contract/models.ts';
import { loadTokenizer } from '../../engine/data/tokenizer.ts';
import { describeModel } from '../../engine/models/description.ts';
import { type ModelOutline, countValues, outlineModel } from '../../engine/models/outline.ts';
import { filesBelow } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { licenseFromCard } from './modelCard.ts';

export type ModelFacts = Omit<
  ModelSummary,
  'id' | 'name' | 'source' | 'hubId' | 'license' | 'folder' | 'addedAt'
>;

/** Runs a check and keeps its problems instead of ending at the first failure. */
function collect<Result>(problems: Problem[], check: () => Result): Result | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof TunebenchError)) throw error;
    const known = new Set(problems.map((problem) => problem.message));
    problems.push(...problemsFromError(error).filter((problem) => !known.has(problem.message)));
    return undefined;
  }
}

function bodyParameters(outline: ModelOutline): number {
  const head = new Set(outline.headNames);
  return countValues(
    outline,
    [...outline.parameters.keys()].filter((name) => !head.has(name)),
  );
}

/** Names of linear layers by their last part, each once, in the order of the model. */
function linearNames(outline: ModelOutline): string[] {
  return [...new Set([...outline.linears.keys()].map((path) => path.split('.').at(-1) ?? path))];
}

/** The size of the files that are read from the folder itself; what lies in its subfolders is not part of the model. */
export function modelSizeBytes(folder: string): number {
  return filesBelow(folder)
    .filter((file) => !file.name.includes('/'))
    .reduce((sum, file) => sum + file.sizeBytes, 0);
}

function readLicense({ files }: ServiceContext, folder: string): string | undefined {
  const card = files.join(folder, 'README.md');
  return files.exists(card) ? licenseFromCard(files.readText(card)) : undefined;
}

/**
 * Checks a model folder whole: configuration, weights, tokenizer.
 * @throws TunebenchError with everything that is wrong with it
 */
export function describeModelFolder(
  context: ServiceContext,
  folder: string,
): { facts: ModelFacts; license: string | undefined } {
  const { files } = context;
  const description = describeModel(files, folder);
  const { blueprint, architecture } = description;
  const tasks = taskSchema.options.filter((task) => architecture.classNames[task] !== undefined);
  const labelCount = Math.max(2, description.labels.length);
  const problems: Problem[] = [];
  const outlines = tasks.map((task) =>
    collect(problems, () => outlineModel(files, folder, task, labelCount)),
  );
  collect(problems, () => loadTokenizer(files, folder));
  const outline = outlines.at(-1);
  if (problems.length > 0 || outline === undefined) throw errorFromProblems(problems);
  return {
    license: readLicense(context, folder),
    facts: {
      modelType: architecture.modelType,
      parameters: bodyParameters(outline),
      sizeBytes: modelSizeBytes(folder),
      hiddenSize: blueprint.hiddenSize,
      layers: blueprint.layers,
      vocabularySize: blueprint.vocabularySize,
      maximumLength: blueprint.maximumLength,
      tasks,
      linearNames: linearNames(outline),
    },
  };
}
