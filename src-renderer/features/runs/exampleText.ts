import type { Split } from '../../../src-main/contract/datasets.ts';
import type { ColumnRole } from '../../../src-main/contract/methods.ts';
import { client } from '../../rpc/client.ts';

/** A random row's text of this role, from the rows the model has seen least: test, else validation, else training. */
export async function fetchExample(datasetId: string, role: ColumnRole): Promise<string | undefined> {
  const dataset = await client.datasets.get({ id: datasetId });
  const column = dataset.mapping.roles[role];
  const splits: readonly Split[] = ['test', 'validation', 'train'];
  const split = splits.find((name) => (dataset.rowsBySplit[name] ?? 0) > 0);
  if (column === undefined || split === undefined) return undefined;
  const offset = Math.floor(Math.random() * (dataset.rowsBySplit[split] ?? 1));
  const page = await client.datasets.rows({ id: datasetId, split, offset, limit: 1 });
  return page.rows[0]?.fields[column];
}
