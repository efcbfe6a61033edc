import { ExpandWork } from './expandWork.svelte.ts';

const works = new Map<string, ExpandWork>();

/** Kept while the window is open: whoever looks at another page finds the texts again. */
export function expandWorkOf(datasetId: string): ExpandWork {
  const work = works.get(datasetId) ?? new ExpandWork(datasetId);
  works.set(datasetId, work);
  return work;
}

/** What was accepted is in the dataset now, and the rest was not wanted. */
export function endExpandWork(datasetId: string): void {
  works.delete(datasetId);
}
