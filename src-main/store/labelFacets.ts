import { labelsOf } from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';
import type { RecordValues } from './labelTypes.ts';

/** What records are counted by. */
export type Facet = 'status' | 'split' | 'label' | 'suggestion' | 'flagged' | 'noted' | 'disagreeing';

/** Whether the answer is another than the suggestion, as the index of such records has it. */
function disagrees({ answer, suggestion }: RecordValues): boolean {
  if (answer === null || suggestion === null) return false;
  return JSON.stringify(answer) !== JSON.stringify(suggestion);
}

/** What one record counts towards, as facet and name; a deleted one towards nothing. */
function facetsOf(record: RecordValues): [Facet, string][] {
  if (record.deleted) return [];
  const facets: [Facet, string][] = [
    ['status', record.status],
    ['split', record.split],
  ];
  for (const label of labelsOf(record.answer)) facets.push(['label', label]);
  for (const label of labelsOf(record.suggestion)) facets.push(['suggestion', label]);
  if (record.flagged) facets.push(['flagged', '']);
  if (record.note !== null) facets.push(['noted', '']);
  if (disagrees(record)) facets.push(['disagreeing', '']);
  return facets;
}

/** Counts that go with a transaction: collected per record, written once. */
export class FacetChanges {
  readonly #changes = new Map<string, { facet: Facet; name: string; by: number }>();

  add(record: RecordValues, by: 1 | -1): void {
    for (const [facet, name] of facetsOf(record)) {
      const key = `${facet}:${name}`;
      const entry = this.#changes.get(key) ?? { facet, name, by: 0 };
      entry.by += by;
      this.#changes.set(key, entry);
    }
  }

  entries(): { facet: Facet; name: string; by: number }[] {
    return [...this.#changes.values()].filter(({ by }) => by !== 0);
  }
}

export interface FacetCount {
  readonly facet: Facet;
  readonly name: string;
  readonly count: number;
}

export function createFacetCounts(database: StoreDatabase) {
  const change = database.prepare<[number, string, string, number]>(
    `INSERT INTO labelCounts (labelling, facet, name, count) VALUES (?, ?, ?, ?)
     ON CONFLICT (labelling, facet, name) DO UPDATE SET count = count + excluded.count`,
  );
  const all = database.prepare<[number], FacetCount>(
    'SELECT facet, name, count FROM labelCounts WHERE labelling = ? AND count > 0 ORDER BY count DESC, name',
  );
  return {
    write(labelling: number, changes: FacetChanges): void {
      for (const { facet, name, by } of changes.entries()) change.run(labelling, facet, name, by);
    },
    read: (labelling: number): FacetCount[] => all.all(labelling),
  };
}
export type FacetCounts = ReturnType<typeof createFacetCounts>;
