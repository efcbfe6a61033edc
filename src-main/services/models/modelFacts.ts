import {
  type Problem,
  TunebenchError,
  errorFromProblems,
  problemsFromError,
} from '../../contract/errors/index.ts';
import type { ModelSummary } from '../../contract/models.ts';
import { loadTokenizer } from '../../engine/data/tokenizer.ts';
import { inspectModelFolder } from '../../engine/formats/modelFolder.ts';
import { filesBelow } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { licenseFromCard } from './modelCard.ts';

export type ModelFacts = Omit<
  ModelSummary,
  'id' | 'name' | 'source' | 'hubId' | 'license' | 'folder' | 'addedAt'
>;

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

/** The tasks a kept model's folder suffices for; those it was kept with where the folder cannot be read. */
export function readTasks({ files }: ServiceContext, { folder, tasks }: ModelSummary): ModelSummary['tasks'] {
  try {
    return inspectModelFolder(files, folder).tasks;
  } catch (error) {
    if (error instanceof TunebenchError) return tasks;
    throw error;
  }
}

/** The result of a check, or undefined with its problems kept. */
function attempt<Result>(problems: Problem[], check: () => Result): Result | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof TunebenchError)) throw error;
    problems.push(...problemsFromError(error));
    return undefined;
  }
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
  const problems: Problem[] = [];
  const facts = attempt(problems, () => inspectModelFolder(files, folder));
  // A missing tokenizer is among the folder's own problems; one that is there must also be readable.
  if (files.exists(files.join(folder, 'tokenizer.json'))) {
    attempt(problems, () => loadTokenizer(files, folder));
  }
  if (facts === undefined || problems.length > 0) throw errorFromProblems(problems);
  const { labels: _labels, ...rest } = facts;
  return {
    license: readLicense(context, folder),
    facts: { ...rest, sizeBytes: modelSizeBytes(folder) },
  };
}
