import type { RunDetail } from '../runs.ts';
import { settingPaths } from '../settingPaths.ts';

/** Runs that differ in nothing but their seed: what they differ in is chance. */
export interface SeedGroup {
  readonly runs: readonly RunDetail[];
}

/** What tells runs apart without deciding anything: names, the seed, and what is only looked at on the way. */
const indifferent: readonly string[] = [
  'name',
  'watchDatasetId',
  'training.seed',
  'training.sampleRows',
  'training.sampleEverySteps',
];

function withoutSeed({ config, datasetHash, modelHash }: RunDetail): string {
  const paths = settingPaths({ ...config, datasetHash, modelHash }).filter(
    ([path]) => !indifferent.includes(path),
  );
  return JSON.stringify(paths.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function groupBySeed(runs: readonly RunDetail[]): SeedGroup[] {
  const groups = new Map<string, RunDetail[]>();
  for (const run of runs) {
    const key = withoutSeed(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((members) => ({ runs: members }));
}
