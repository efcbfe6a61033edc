import type { Split } from '../../../src-main/contract/datasets.ts';
import type { ColumnRole, RowContent } from '../../../src-main/contract/methods.ts';
import { client } from '../../rpc/client.ts';

/** These parts of a random row among those the model has seen least: test, else validation, else training. */
export async function fetchExample(
  datasetId: string,
  roles: readonly ColumnRole[],
): Promise<RowContent | undefined> {
  const dataset = await client.datasets.get({ id: datasetId });
  const splits: readonly Split[] = ['test', 'validation', 'train'];
  const split = splits.find((name) => (dataset.rowsBySplit[name] ?? 0) > 0);
  if (split === undefined) return undefined;
  const offset = Math.floor(Math.random() * (dataset.rowsBySplit[split] ?? 1));
  const page = await client.datasets.rows({ id: datasetId, filter: { splits: [split] }, offset, limit: 1 });
  const fields = page.rows[0]?.fields ?? {};
  return Object.fromEntries(roles.map((role) => [role, fields[dataset.mapping.roles[role] ?? ''] ?? '']));
}
