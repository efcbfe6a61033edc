import { errorFromProblems } from '../../contract/errors/index.ts';
import { type Head, type ModelType, type Task, headOf } from '../../contract/methods.ts';
import type { EngineFiles } from '../files.ts';
import { openWeightFiles } from '../formats/weightFiles.ts';
import { matchCheckpoint } from './checkpoint.ts';
import { type ModelDescription, checkTask, describeModel, layoutOf } from './description.ts';
import type { BlockShape } from './hooks.ts';
import { type ModelLayout, isInside } from './layout.ts';
import type { Model } from './model.ts';

export { isInside } from './layout.ts';

/** The shape of a model without its weights: enough to count and to check a configuration. */
export interface ModelOutline {
  readonly head: Head;
  readonly modelType: ModelType;
  readonly parameters: ReadonlyMap<string, readonly number[]>;
  readonly linears: ReadonlyMap<
    string,
    { readonly inFeatures: number; readonly outFeatures: number; readonly layout: 'outIn' | 'inOut' }
  >;
  readonly blocks: readonly BlockShape[];
  /** Name of the table that token ids are looked up in. */
  readonly wordEmbedding: string;
  /** Longest input in tokens. */
  readonly maximumLength: number;
  readonly headNames: readonly string[];
  /** Modules that hold the head's parameters, as an adapter file lists them. */
  readonly headModules: readonly string[];
  /** The output layer shares its weights with the word embeddings. */
  readonly tiedEmbeddings: boolean;
  /** It predicts tokens. */
  readonly scoresVocabulary: boolean;
}

function outlineLayout(
  { architecture, blueprint }: ModelDescription,
  layout: ModelLayout,
  headModules: readonly string[],
  head: Head,
): ModelOutline {
  const names = [...layout.weights.keys()];
  return {
    head,
    modelType: architecture.modelType,
    maximumLength: blueprint.maximumLength,
    blocks: layout.blocks,
    wordEmbedding: `${layout.words}.weight`,
    parameters: new Map([...layout.weights].map(([name, { shape }]) => [name, shape])),
    linears: new Map([...layout.linears].filter(([path]) => !isInside(path, headModules))),
    headNames: names.filter((name) => isInside(name, headModules)),
    headModules,
    scoresVocabulary: layout.vocabularyWeight !== '',
    tiedEmbeddings: layout.vocabularyWeight === `${layout.words}.weight`,
  };
}

/** The outline of a model by its configuration alone, assuming that its checkpoint has every optional part. */
export function outlineFromConfig(
  description: ModelDescription,
  task: Task,
  labelCount: number,
): ModelOutline {
  const problems = checkTask(description, task);
  if (problems.length > 0) throw errorFromProblems(problems);
  const layout = layoutOf(description, headOf(task), labelCount);
  return outlineLayout(description, layout, layout.headModules, headOf(task));
}

/**
 * The outline of a model folder, as `loadModel` would build it; reads config.json and the headers of the weights.
 * @param labelCount ignored for heads without classes
 */
export function outlineModel(
  files: EngineFiles,
  folder: string,
  task: Task,
  labelCount: number,
): ModelOutline {
  const description = describeModel(files, folder);
  const problems = checkTask(description, task);
  if (problems.length > 0) throw errorFromProblems(problems);
  const layout = layoutOf(description, headOf(task), labelCount);
  const weights = openWeightFiles(files, folder);
  try {
    const { architecture } = description;
    const match = matchCheckpoint(layout, weights.entries, { architecture, folder, reuseHead: true });
    if (match.problems.length > 0) throw errorFromProblems(match.problems);
    return outlineLayout(description, layout, match.headModules, headOf(task));
  } finally {
    weights.close();
  }
}

/** Number of values of some parameters of an outline. */
export function countValues(outline: ModelOutline, names: Iterable<string>): number {
  let total = 0;
  for (const name of names) {
    total += (outline.parameters.get(name) ?? [0]).reduce((product, length) => product * length, 1);
  }
  return total;
}

/** Number of values of a whole model, head included. */
export function countParameters(outline: ModelOutline): number {
  return countValues(outline, outline.parameters.keys());
}

/** The outline of a loaded model. */
export function outlineOfModel(model: Model): ModelOutline {
  return {
    head: model.head,
    modelType: model.modelType,
    maximumLength: model.maximumLength,
    blocks: model.hooks.blocks,
    wordEmbedding: model.wordEmbedding.name,
    parameters: new Map([...model.parameters].map(([name, { shape }]) => [name, shape])),
    linears: model.linears,
    headNames: model.headNames,
    headModules: model.headModules,
    scoresVocabulary: model.vocabularyTable !== null,
    tiedEmbeddings: model.vocabularyTable === model.wordEmbedding,
  };
}
