import type { RunDetail } from '../../../src-main/contract/runs.ts';

/** One setting over all compared runs. */
export interface SettingRow {
  /** `training.learningRate`. */
  readonly path: string;
  /** In the order of the runs; null where a run has no such setting. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

function flatten(prefix: string, value: unknown, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) flatten(`${prefix}.${name}`, inner, into);
  } else into.set(prefix, Array.isArray(value) ? value.join(', ') : String(value));
}

/** Everything that decided a run's result, by path. */
function settingsOf({ config, ...run }: RunDetail): Map<string, string> {
  const settings = new Map<string, string>([
    ['model', run.modelName],
    ['modelHash', run.modelHash.slice(0, 12)],
    ['dataset', run.datasetName],
    ['datasetHash', run.datasetHash.slice(0, 12)],
    ['task', run.task],
    ['method', run.methodId],
  ]);
  flatten('objective', config.objective, settings);
  flatten('method', config.method.options, settings);
  flatten('training', config.training, settings);
  flatten('versions', run.versions, settings);
  return settings;
}

/** Every setting of the runs, those that differ first. */
export function compareSettings(runs: readonly RunDetail[]): SettingRow[] {
  const settings = runs.map(settingsOf);
  const paths = [...new Set(settings.flatMap((each) => [...each.keys()]))];
  const rows = paths.map((path) => {
    const values = settings.map((each) => each.get(path) ?? null);
    return { path, values, differs: new Set(values).size > 1 };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}
