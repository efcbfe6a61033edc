import type { ColumnRole, ObjectiveSpec } from '../../../src-main/contract/methods.ts';

/**
 * What a person has to give for one prediction: the parts the task needs, without its answers, and those it can also use
 * where the run's data had them.
 */
export function rolesToAsk(
  { roles, needs }: Pick<ObjectiveSpec, 'roles' | 'needs'>,
  columns: Readonly<Partial<Record<ColumnRole, unknown>>>,
): ColumnRole[] {
  const [first = []] = needs;
  const alternatives = needs.flat();
  return roles
    .filter(({ isAnswer }) => isAnswer !== true)
    .map(({ role }) => role)
    .filter((role) => first.includes(role) || (columns[role] !== undefined && !alternatives.includes(role)));
}
