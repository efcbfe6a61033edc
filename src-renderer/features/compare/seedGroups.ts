import type { RunDetail } from '../../../src-main/contract/runs.ts';
import { settingPaths } from '../../../src-main/contract/settingPaths.ts';

/** Runs that differ in nothing but their seed: what they differ in is chance. */
export interface SeedGroup {
  readonly runs: readonly RunDetail[];
}

function withoutSeed({ config, datasetHash, modelHash }: RunDetail): string {
  const { seed: _seed, ...training } = config.training;
  const { name: _name, ...rest } = config;
  const paths = settingPaths({ ...rest, training, datasetHash, modelHash });
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
