import type { ColumnMapping, DatasetPreview, ReadOptions } from '../../../src-main/contract/datasets.ts';
import {
  type ColumnRole,
  type ObjectiveSpec,
  type Task,
  chooseTask,
  missingRoles,
} from '../../../src-main/contract/methods.ts';

export type RoleColumns = Partial<Record<ColumnRole, string>>;

/** The task that the guess speaks for; the first one when it covers none. */
export function suggestTask(objectives: readonly ObjectiveSpec[], mapping: ColumnMapping): Task | undefined {
  return chooseTask(objectives, mapping.roles) ?? objectives[0]?.id;
}

/** Keeps the roles that belong to the task and whose column exists. */
export function rolesForTask(
  objective: ObjectiveSpec | undefined,
  roles: RoleColumns,
  columns: readonly string[],
): RoleColumns {
  const kept: RoleColumns = {};
  for (const { role } of objective?.roles ?? []) {
    const column = roles[role];
    if (column !== undefined && columns.includes(column)) kept[role] = column;
  }
  return kept;
}

export function missingRequiredRoles(
  objective: ObjectiveSpec | undefined,
  roles: RoleColumns,
): readonly ColumnRole[] {
  return objective ? missingRoles(objective, roles) : [];
}

const largestHeldOutShare = 0.95;

/** Whole percents, as typed, to shares; undefined when they are no numbers or leave nothing to train on. */
export function parseShares(
  validationPercent: string,
  testPercent: string,
): { validationShare: number; testShare: number } | undefined {
  const [validation, test] = [validationPercent, testPercent].map((text) =>
    text.trim() === '' ? Number.NaN : Number(text) / 100,
  );
  if (validation === undefined || test === undefined) return undefined;
  const valid = [validation, test].every((share) => Number.isFinite(share) && share >= 0 && share <= 0.9);
  if (!valid || validation + test >= largestHeldOutShare) return undefined;
  return { validationShare: validation, testShare: test };
}

/** What the shares come to in rows; the import itself rounds per label. */
export function estimateSplit(
  totalRows: number,
  shares: { validationShare: number; testShare: number },
): { train: number; validation: number; test: number } {
  const validation = Math.round(totalRows * shares.validationShare);
  const test = Math.round(totalRows * shares.testShare);
  return { train: Math.max(0, totalRows - validation - test), validation, test };
}

/** The same options with or without a header line; without one the columns are numbered. */
export function withHeader(
  options: ReadOptions,
  preview: Pick<DatasetPreview, 'columns'>,
  hasHeader: boolean,
  nameOf: (number: number) => string,
): ReadOptions {
  if (hasHeader) {
    const { columns: _columns, ...withoutColumns } = options;
    return withoutColumns;
  }
  return { ...options, columns: preview.columns.map((_, index) => nameOf(index + 1)) };
}

export function nameOfFile(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file.replace(/\.[^.]+$/, '');
}
