import {
  type RecordCursor,
  type RecordFilter,
  type RecordOrder,
  recordStatusSchema,
} from '../contract/labels.ts';
import { originColumn } from '../contract/origin.ts';
import type { Facet, FacetCount } from './labelFacets.ts';
import { substringQuery } from './substrings.ts';

export type QueryValues = Record<string, string | number>;
export interface RecordQuery {
  /** Everything from FROM to ORDER BY; `r` is the record. */
  readonly body: string;
  readonly orderBy: string;
  /** What the order goes by, for the cursor. */
  readonly value: string;
  readonly values: QueryValues;
}

const orders = {
  number: { column: 'number', index: 'labelRecordsByStatus', descending: false },
  random: { column: 'shuffled', index: 'labelRecordsShuffled', descending: false },
  shortest: { column: 'length', index: 'labelRecordsByLength', descending: false },
  longest: { column: 'length', index: 'labelRecordsByLength', descending: true },
  score: { column: 'score', index: 'labelRecordsByScore', descending: false },
  margin: { column: 'margin', index: 'labelRecordsByMargin', descending: false },
  entropy: { column: 'entropy', index: 'labelRecordsByEntropy', descending: true },
  diversity: { column: 'place', index: 'labelRecordsByPlace', descending: false },
  suspect: { column: 'belief', index: 'labelRecordsByBelief', descending: false },
} as const satisfies Record<RecordOrder, { column: string; index: string; descending: boolean }>;
/** Only records that a model has looked at have a place in the orders it makes. */
const always: ReadonlySet<RecordOrder> = new Set(['number', 'random', 'shortest', 'longest']);

export const isDescending = (order: RecordOrder): boolean => orders[order].descending;

/** Conditions that hold for the record itself, whatever it was found by. */
function conditions(filter: RecordFilter, order: RecordOrder, values: QueryValues): string[] {
  const found = ['r.labelling = @labelling', 'r.deleted = 0'];
  const compare = (sql: string, name: string, value: string | number | undefined) => {
    if (value === undefined) return;
    values[name] = value;
    found.push(`${sql} @${name}`);
  };
  const anyOf = (column: string, name: string, wanted: readonly string[]) => {
    const names = wanted.map((value, index) => {
      values[`${name}${index}`] = value;
      return `@${name}${index}`;
    });
    return names.length === 1 ? `${column} = ${names[0]}` : `${column} IN (${names.join(', ')})`;
  };
  if (filter.statuses !== undefined) found.push(anyOf('r.status', 'status', filter.statuses));
  if (filter.splits !== undefined) found.push(anyOf('r.split', 'split', filter.splits));
  compare('r.length >=', 'minimumLength', filter.minimumLength);
  compare('r.length <=', 'maximumLength', filter.maximumLength);
  compare('r.score >=', 'minimumScore', filter.minimumScore);
  compare('r.score <=', 'maximumScore', filter.maximumScore);
  if (filter.flagged !== undefined) found.push(`r.flagged = ${Number(filter.flagged)}`);
  if (filter.synthetic !== undefined) {
    found.push(`json_extract(r.fields, '$.${originColumn}.model') IS ${filter.synthetic ? 'NOT ' : ''}NULL`);
  }
  if (filter.noted !== undefined) found.push(`r.note IS ${filter.noted ? 'NOT ' : ''}NULL`);
  if (filter.disagreeing === true) {
    found.push('r.answer IS NOT NULL', 'r.suggestion IS NOT NULL', 'r.answer <> r.suggestion');
  }
  if (filter.disagreeing === false) {
    found.push('(r.answer IS NULL OR r.suggestion IS NULL OR r.answer = r.suggestion)');
  }
  if (!always.has(order)) found.push(`r.${orders[order].column} IS NOT NULL`);
  const marked = (source: 'answer' | 'suggestion', name: string, wanted: readonly string[] | undefined) => {
    if (wanted === undefined) return;
    found.push(
      `EXISTS (SELECT 1 FROM labelMarks m WHERE m.labelling = @labelling AND m.number = r.number
         AND m.source = '${source}' AND ${anyOf('m.label', name, wanted)})`,
    );
  };
  marked('answer', 'label', filter.labels);
  marked('suggestion', 'suggestion', filter.suggestion === undefined ? undefined : [filter.suggestion]);
  return found;
}

/** The only value of a condition; several lead no search, because a record could be found by more than one. */
const onlyOne = <Value>(values: readonly Value[] | undefined): Value | undefined =>
  values?.length === 1 ? values[0] : undefined;

/** The facet of a filter that leaves the fewest records: the others are checked on those. */
function rarestFacet(filter: RecordFilter, counts: readonly FacetCount[]): Facet {
  const countOf = (facet: Facet, names: readonly string[] | undefined) =>
    counts
      .filter((entry) => entry.facet === facet && (names === undefined || names.includes(entry.name)))
      .reduce((sum, { count }) => sum + count, 0);
  const candidates: [Facet, number][] = [['status', countOf('status', filter.statuses)]];
  const label = onlyOne(filter.labels);
  if (label !== undefined) candidates.push(['label', countOf('label', [label])]);
  if (filter.suggestion !== undefined)
    candidates.push(['suggestion', countOf('suggestion', [filter.suggestion])]);
  const split = onlyOne(filter.splits);
  if (split !== undefined) candidates.push(['split', countOf('split', [split])]);
  if (filter.flagged === true) candidates.push(['flagged', countOf('flagged', undefined)]);
  if (filter.noted === true) candidates.push(['noted', countOf('noted', undefined)]);
  if (filter.disagreeing === true) candidates.push(['disagreeing', countOf('disagreeing', undefined)]);
  return candidates.reduce((best, candidate) => (candidate[1] < best[1] ? candidate : best))[0];
}

const sources = {
  label: 'labelMarks d CROSS JOIN labelRecords r INDEXED BY labelRecordsByNumber',
  suggestion: 'labelMarks d CROSS JOIN labelRecords r INDEXED BY labelRecordsByNumber',
  split: 'labelRecords r INDEXED BY labelRecordsBySplit',
  flagged: 'labelRecords r INDEXED BY labelRecordsFlagged',
  noted: 'labelRecords r INDEXED BY labelRecordsNoted',
  disagreeing: 'labelRecords r INDEXED BY labelRecordsDisagreeing',
} as const;

const hasText = (filter: RecordFilter) => filter.text !== undefined && filter.text.trim() !== '';

/**
 * The same filter as parts to be merged by their order: the indexes of the orders are kept by status, so where nothing
 * rarer leads the search, each status is a part of its own.
 */
export function filterParts(filter: RecordFilter, counts: readonly FacetCount[]): RecordFilter[] {
  if (hasText(filter) || rarestFacet(filter, counts) !== 'status') return [filter];
  return (filter.statuses ?? recordStatusSchema.options).map((status) => ({ ...filter, statuses: [status] }));
}

/**
 * The query for one page of one part of a queue. SQLite is told what to begin with: the text index where a text is looked for, else
 * the facet with the fewest records, else the index of the order.
 * @returns undefined where the text to look for holds nothing that could be found
 */
export function recordQuery(
  filter: RecordFilter,
  order: RecordOrder,
  after: RecordCursor | undefined,
  counts: readonly FacetCount[],
): RecordQuery | undefined {
  const values: QueryValues = {};
  const where = conditions(filter, order, values);
  const { column, index, descending } = orders[order];
  if (after !== undefined) {
    values['afterValue'] = after.value;
    values['afterNumber'] = after.number;
    where.push(
      column === 'number'
        ? 'r.number > @afterNumber'
        : `(r.${column}, r.number) ${descending ? '<' : '>'} (@afterValue, @afterNumber)`,
    );
  }
  const direction = descending ? 'DESC' : 'ASC';
  let orderBy = column === 'number' ? 'r.number' : `r.${column} ${direction}, r.number ${direction}`;
  let from: string;
  if (hasText(filter)) {
    const match = substringQuery(filter.text ?? '');
    if (match === undefined) return undefined;
    values['match'] = match;
    from = 'labelTexts d CROSS JOIN labelRecords r ON r.key = d.rowid';
    where.push('d.text MATCH @match', 'd.rowid > @firstKey', 'd.rowid <= @lastKey');
    // Keys rise with numbers, and the text index gives its rows by key: no sorting, and no more rows than the page.
    if (column === 'number') orderBy = 'd.rowid';
  } else {
    const facet = rarestFacet(filter, counts);
    if (facet === 'status') {
      from = `labelRecords r INDEXED BY ${index}`;
    } else {
      from = sources[facet];
      if (facet === 'label' || facet === 'suggestion') {
        where.push(
          'd.labelling = @labelling',
          `d.source = '${facet === 'label' ? 'answer' : 'suggestion'}'`,
          `d.label = @${facet}0`,
          'r.number = d.number',
        );
        if (column === 'number') {
          orderBy = 'd.number';
          if (after !== undefined) where.push('d.number > @afterNumber');
        }
      }
    }
  }
  return { body: `FROM ${from} WHERE ${where.join(' AND ')}`, orderBy, value: `r.${column}`, values };
}
