import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ColumnMapping, DatasetSummary, ReadOptions, SourceFile } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type ColumnRole, columnRoleSchema } from '../../contract/methods.ts';
import type { ModelSummary } from '../../contract/models.ts';
import type { Session } from './session.ts';

/** A model by its id or name in the library, or by its folder, which is then imported. */
export async function resolveModel({ client }: Session, given: string): Promise<ModelSummary> {
  const models = await client.models.list();
  const known = models.find((model) => model.id === given) ?? models.find((model) => model.name === given);
  if (known !== undefined) return known;
  if (existsSync(given) || /[\\/]/.test(given)) return client.models.import({ path: path.resolve(given) });
  throw new TunebenchError('common.notFound', { kind: 'model', id: given });
}

/** A dataset by its id or name in the library. */
export async function resolveDataset({ client }: Session, given: string): Promise<DatasetSummary> {
  const datasets = await client.datasets.list();
  const known =
    datasets.find((dataset) => dataset.id === given) ?? datasets.find((dataset) => dataset.name === given);
  if (known === undefined) throw new TunebenchError('common.notFound', { kind: 'dataset', id: given });
  return known;
}

/** Flags that say which column plays which part. */
export type RoleFlags = Partial<Record<ColumnRole, string>>;

/** The parts named by flags, filled up by what the file looks like where no flag was given at all. */
export function mappingFromFlags(
  flags: RoleFlags,
  splitColumn: string | undefined,
  suggested: ColumnMapping,
): ColumnMapping {
  const given = columnRoleSchema.options.filter((role) => flags[role] !== undefined);
  if (given.length === 0) {
    return splitColumn === undefined ? suggested : { ...suggested, splitColumn };
  }
  const roles: ColumnMapping['roles'] = {};
  for (const role of given) roles[role] = flags[role];
  return { roles, ...(splitColumn === undefined ? {} : { splitColumn }) };
}

export interface FilesToImport {
  readonly name?: string;
  readonly files: readonly SourceFile[];
  readonly options: ReadOptions;
  readonly roles: RoleFlags;
  readonly splitColumn?: string;
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
  readonly skipBadRows: boolean;
}

/** Imports files, or finds the dataset that already has the same rows with the same parts. */
export async function importFiles({ client }: Session, wanted: FilesToImport): Promise<DatasetSummary> {
  const files = wanted.files.map((file) => ({ ...file, path: path.resolve(file.path) }));
  const first = files[0]?.path ?? '';
  const preview = await client.datasets.preview({ path: first, options: wanted.options, rows: 1 });
  const mapping = mappingFromFlags(wanted.roles, wanted.splitColumn, preview.suggestedMapping);
  const known = await client.datasets.list();
  const imported = await client.datasets.import({
    ...(wanted.name === undefined ? {} : { name: wanted.name }),
    files,
    options: wanted.options,
    mapping,
    validationShare: wanted.validationShare,
    testShare: wanted.testShare,
    seed: wanted.seed,
    skipBadRows: wanted.skipBadRows,
  });
  const same = known.find(
    (other) =>
      other.versionHash === imported.versionHash &&
      JSON.stringify(other.mapping) === JSON.stringify(imported.mapping),
  );
  if (same === undefined) return imported;
  await client.datasets.remove({ id: imported.id });
  return same;
}
