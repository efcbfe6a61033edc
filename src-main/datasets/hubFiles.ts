import type { Split } from '../contract/datasets.ts';
import { readSplitName } from './splits.ts';

/** A file of a repository, by its path. */
export interface HubFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
}
export interface HubDataFile extends HubFile {
  /** What its name says; undefined where it says nothing. */
  readonly split: Split | undefined;
}

/** Endings of data, the surest to be read first: a repository often holds the same rows in several formats. */
const endings = ['.parquet', '.jsonl', '.ndjson', '.csv', '.tsv', '.json', '.xlsx', '.txt'] as const;
/** Files beside the data that share its endings. */
const notData = /(^|\/)(dataset_infos?|dataset_dict|state|metadata|croissant|package|\.[^/]*)\.json$|(^|\/)(readme|license|requirements|\.[^/]*)(\.[a-z]+)?$/i; // prettier-ignore

/** The split in `train-00000-of-00002.parquet`, `data/dev.csv` or `test/0001.jsonl`. */
function splitOf(path: string): Split | undefined {
  const parts = path.split('/').reverse();
  for (const part of parts) {
    for (const word of part.replace(/\.[^.]+$/, '').split(/[-_.\s]+/)) {
      const split = readSplitName(word);
      if (split !== undefined) return split;
    }
  }
  return undefined;
}

/** The part of a repository a file belongs to: its folder without what only names a split or holds everything. */
function subsetOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.filter((folder) => readSplitName(folder) === undefined && folder !== 'data').join('/');
}

/**
 * The data files of a repository, in one format, by the subset they belong to (`''` for files that belong to none). In
 * each subset they are sorted by path.
 */
export function chooseHubFiles(files: readonly HubFile[]): ReadonlyMap<string, readonly HubDataFile[]> {
  const data = files.filter(({ path }) => !notData.test(path));
  const ending = endings.find((candidate) => data.some(({ path }) => path.toLowerCase().endsWith(candidate)));
  const subsets = new Map<string, HubDataFile[]>();
  if (ending === undefined) return subsets;
  for (const file of data.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    if (!file.path.toLowerCase().endsWith(ending)) continue;
    const subset = subsetOf(file.path);
    const found = subsets.get(subset) ?? [];
    found.push({ ...file, split: splitOf(file.path) });
    subsets.set(subset, found);
  }
  return subsets;
}
