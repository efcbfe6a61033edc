import type { RunDetail } from '../../../src-main/contract/runs.ts';

/** Runs that differ in nothing but their seed: what they differ in is chance. */
export interface SeedGroup {
  readonly runs: readonly RunDetail[];
}

function withoutSeed({ config, datasetHash, modelHash }: RunDetail): string {
  const { seed: _seed, ...training } = config.training;
  const { name: _name, ...rest } = config;
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, inner]) => [name, sorted(inner)]),
        )
      : value;
  return JSON.stringify(sorted({ ...rest, training, datasetHash, modelHash }));
}

export function groupBySeed(runs: readonly RunDetail[]): SeedGroup[] {
  const groups = new Map<string, RunDetail[]>();
  for (const run of runs) {
    const key = withoutSeed(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((members) => ({ runs: members }));
}
