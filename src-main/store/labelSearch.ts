import type { RecordPage } from '../contract/labels.ts';
import type { RecordFilter } from '../contract/recordFilter.ts';
import type { StoreDatabase } from './database.ts';
import type { FacetCounts } from './labelFacets.ts';
import { type RecordQuery, filterParts, isDescending, recordQuery } from './labelQueries.ts';
import { type LabellingKey, type RecordColumns, readShown } from './labelRecords.ts';
import type { PageQuery } from './labelTypes.ts';

type FoundColumns = RecordColumns & { value: number };

/** Finds records of a labelling: the parts of a filter are asked for one by one and put together in their order. */
export function createLabelSearch(database: StoreDatabase, counts: FacetCounts) {
  const firstKey = database.prepare<[number, number], { key: number }>(
    'SELECT key FROM labelRecords WHERE labelling = ? AND number >= ? ORDER BY number LIMIT 1',
  );
  const lastKey = database.prepare<[number], { key: number }>(
    'SELECT key FROM labelRecords WHERE labelling = ? ORDER BY number DESC LIMIT 1',
  );

  function find<Row>(
    labelling: LabellingKey,
    { filter, order, after }: Omit<PageQuery, 'limit'>,
    select: (query: RecordQuery) => string,
    limit: number,
  ): Row[][] {
    const facets = counts.read(labelling.key);
    return filterParts(filter, facets).flatMap((part) => {
      const query = recordQuery(part, order, after, facets);
      if (query === undefined) return [];
      const values: Record<string, string | number> = { ...query.values, labelling: labelling.key, limit };
      if ('match' in values) {
        const from = order === 'number' && after !== undefined ? after.number + 1 : 0;
        values['lastKey'] = lastKey.get(labelling.key)?.key ?? 0;
        // Where no record follows, no key may be found either.
        values['firstKey'] = (firstKey.get(labelling.key, from)?.key ?? Number(values['lastKey']) + 1) - 1;
      }
      return [database.prepare<[typeof values], Row>(select(query)).all(values)];
    });
  }

  return {
    /** One page of a queue. */
    page(labelling: LabellingKey, { filter, order, after, limit }: PageQuery): RecordPage {
      const parts = find<FoundColumns>(
        labelling,
        { filter, order, ...(after === undefined ? {} : { after }) },
        ({ body, orderBy, value }) =>
          `SELECT r.*, ${value} AS value ${body} ORDER BY ${orderBy} LIMIT @limit`,
        limit + 1,
      );
      const sign = isDescending(order) ? -1 : 1;
      const rows = parts
        .flat()
        .sort((left, right) => sign * (left.value - right.value || left.number - right.number));
      return {
        records: rows
          .slice(0, limit)
          .map((row) => ({ ...readShown(row), cursor: { value: row.value, number: row.number } })),
        more: rows.length > limit,
      };
    },
    /** How many match, at most `limit`. */
    count(labelling: LabellingKey, filter: RecordFilter, limit: number): number {
      const parts = find<{ count: number }>(
        labelling,
        { filter, order: 'number' },
        ({ body }) => `SELECT count(*) AS count FROM (SELECT 1 ${body} LIMIT @limit)`,
        limit,
      );
      return Math.min(
        limit,
        parts.flat().reduce((sum, { count }) => sum + count, 0),
      );
    },
    /** The numbers of all that match, in order. */
    matching(labelling: LabellingKey, filter: RecordFilter): number[] {
      const all = Number.MAX_SAFE_INTEGER;
      const parts = find<{ number: number }>(
        labelling,
        { filter, order: 'number' },
        ({ body }) => `SELECT r.number ${body} LIMIT @limit`,
        all,
      );
      return parts
        .flat()
        .map(({ number }) => number)
        .sort((left, right) => left - right);
    },
  };
}
