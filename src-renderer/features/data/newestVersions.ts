import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';

/** Of each dataset the newest version, with how many there are; the older ones are in its history. */
export function newestVersions(
  datasets: readonly DatasetSummary[],
): { dataset: DatasetSummary; versions: number }[] {
  const newest = new Map<string, { dataset: DatasetSummary; versions: number }>();
  for (const dataset of datasets) {
    const lineage = dataset.lineage ?? dataset.id;
    const known = newest.get(lineage);
    // The list begins with the newest.
    if (known === undefined) newest.set(lineage, { dataset, versions: 1 });
    else known.versions++;
  }
  return [...newest.values()];
}
