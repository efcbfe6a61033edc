import type { StoreDatabase } from './database.ts';
import { FacetChanges, type FacetCounts } from './labelFacets.ts';
import { type LabellingKey, type RecordColumns, type RecordWriter, readStored } from './labelRecords.ts';
import type { ModelOpinion } from './labelTypes.ts';

/** What a model says about records: its suggestions and the measures that queues are ordered by. */
export function createOpinions(database: StoreDatabase, writer: RecordWriter, counts: FacetCounts) {
  const read = database.prepare<[number, number], RecordColumns>(
    'SELECT * FROM labelRecords WHERE labelling = ? AND number = ?',
  );
  const update = database.prepare<(string | number | null)[]>(
    `UPDATE labelRecords SET suggestion = ?, score = ?, margin = ?, entropy = ?, place = ?, belief = ?
     WHERE key = ?`,
  );
  const found = database.prepare<[number, number], { number: number }>(
    `SELECT number FROM labelRecords
     WHERE labelling = ? AND (score IS NOT NULL OR margin IS NOT NULL OR place IS NOT NULL OR belief IS NOT NULL)
     ORDER BY number LIMIT ?`,
  );

  return {
    save(labelling: LabellingKey, opinions: readonly ModelOpinion[]): void {
      database.transaction(() => {
        const changes = new FacetChanges();
        for (const opinion of opinions) {
          const row = read.get(labelling.key, opinion.number);
          if (row === undefined) continue;
          const before = readStored(row);
          // A suggestion without a score comes from the dataset or from rules.
          const foreign = before.suggestion !== null && before.score === null;
          const said = foreign ? { ...opinion, suggestion: undefined, score: undefined } : opinion;
          const pick = <Value>(value: Value | undefined, old: Value) => (value === undefined ? old : value);
          const same = JSON.stringify(said.suggestion) === JSON.stringify(before.suggestion);
          const suggestion = same ? before.suggestion : pick(said.suggestion, before.suggestion);
          const score = pick(said.score, before.score);
          update.run(
            suggestion === null ? null : JSON.stringify(suggestion),
            score,
            pick(said.margin, row.margin),
            pick(said.entropy, row.entropy),
            pick(said.place, row.place),
            pick(said.belief, row.belief),
            row.key,
          );
          if (suggestion !== before.suggestion) {
            writer.remark(labelling, before, { ...before, suggestion, score }, changes);
          }
        }
        counts.write(labelling.key, changes);
      });
    },
    numbers: (labelling: LabellingKey, limit: number) =>
      found.all(labelling.key, limit).map(({ number }) => number),
  };
}
