import type { RunDetail } from '../runs.ts';
import { settingPaths } from '../settingPaths.ts';

/** One setting over all compared runs. */
export interface SettingRow {
  /** `training.learningRate`. */
  readonly path: string;
  /** In the order of the runs; null where a run has no such setting. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

/** Everything that decided a run's result, by path. */
function settingsOf({ config, ...run }: RunDetail): Map<string, string> {
  const { objective, method, training } = config;
  const paths = [
    ...settingPaths({
      model: run.modelName,
      modelHash: run.modelHash.slice(0, 12),
      dataset: run.datasetName,
      datasetHash: run.datasetHash.slice(0, 12),
      task: run.task,
      method: run.methodId,
      objective,
    }),
    ...settingPaths(method.options, 'method'),
    ...settingPaths({ training, versions: run.versions }),
  ];
  return new Map(
    paths.map(([path, value]) => [path, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

/** Every setting of the runs, those that differ first. */
export function compareSettings(runs: readonly RunDetail[]): SettingRow[] {
  const settings = runs.map(settingsOf);
  const paths = [...new Set(settings.flatMap((each) => [...each.keys()]))];
  const rows = paths.map((path) => {
    const values = settings.map((each) => each.get(path) ?? null);
    // That another method has other options is said by the method itself.
    const compared = path.startsWith('method.') ? values.filter((value) => value !== null) : values;
    return { path, values, differs: new Set(compared).size > 1 };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}
