import type { DatasetRow, DatasetSummary } from '../../contract/datasets.ts';
import type { RecordFilter } from '../../contract/recordFilter.ts';
import type { ServiceContext } from '../context.ts';
import { createRowFilter } from './rowFilter.ts';

const rowsPerBreath = 2000;
/** Searches whose rows are kept: one for each page that somebody leafs through. */
const keptSearches = 4;

/** Pages of the rows that pass a filter. A dataset never changes, so what was found once is found for every page. */
export function createRowSearch({ store }: Pick<ServiceContext, 'store'>) {
  const searches = new Map<string, Promise<number[]>>();

  async function search(dataset: DatasetSummary, filter: RecordFilter): Promise<number[]> {
    const passes = createRowFilter(filter, dataset);
    const found: number[] = [];
    let position = 0;
    for (const record of store.datasets.allRecords(dataset.id)) {
      if (passes(record)) found.push(position);
      if (++position % rowsPerBreath === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return found;
  }

  function searchOnce(dataset: DatasetSummary, filter: RecordFilter): Promise<number[]> {
    const key = JSON.stringify([dataset.id, filter]);
    const found = searches.get(key) ?? search(dataset, filter);
    // The newest stands last, so the first is the one that was not asked for the longest.
    searches.delete(key);
    searches.set(key, found);
    found.catch(() => searches.delete(key));
    for (const oldest of searches.keys()) {
      if (searches.size <= keptSearches) break;
      searches.delete(oldest);
    }
    return found;
  }

  return async function page(
    dataset: DatasetSummary,
    filter: RecordFilter,
    offset: number,
    limit: number,
  ): Promise<{ total: number; rows: DatasetRow[] }> {
    const { id } = dataset;
    const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
    const [split, ...others] = filter.splits ?? [];
    // Where only a split is asked for, its place can be counted without reading a row.
    if (asked.length === 0) return store.datasets.rows({ id, offset, limit });
    if (asked.length === 1 && split !== undefined && others.length === 0) {
      return store.datasets.rows({ id, split, offset, limit });
    }
    const found = await searchOnce(dataset, filter);
    return { total: found.length, rows: store.datasets.rowsAt(id, found.slice(offset, offset + limit)) };
  };
}
