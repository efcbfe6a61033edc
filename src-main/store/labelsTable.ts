import type { StoreDatabase } from './database.ts';
import { createRecordChanges } from './labelChanges.ts';
import { FacetChanges, createFacetCounts } from './labelFacets.ts';
import { createFeatures } from './labelFeatures.ts';
import { createLabelFilters } from './labelFilters.ts';
import { createLabelHistory } from './labelHistory.ts';
import { createOpinions } from './labelOpinions.ts';
import { type RecordColumns, createRecordWriter, readStored } from './labelRecords.ts';
import { createLabelSearch } from './labelSearch.ts';
import { createTurns, nothing } from './labelTurns.ts';
import { countsByStatus, createLabellingHeads } from './labellingHeads.ts';
import type { LabelsTable } from './labelTypes.ts';

/** Records being labelled, the history of what was done to them, and every count, always in step with each other. */
export function createLabelsTable(database: StoreDatabase): LabelsTable {
  const counts = createFacetCounts(database);
  const heads = createLabellingHeads(database, counts);
  const history = createLabelHistory(database);
  const writer = createRecordWriter(database);
  const changes = createRecordChanges(database, writer, counts);
  const turns = createTurns(database, { heads, history, changes });
  const opinions = createOpinions(database, writer, counts);
  const features = createFeatures(database);
  const filters = createLabelFilters(database);
  const search = createLabelSearch(database, counts);
  const rangeOfRecords = database.prepare<[number, number, number], RecordColumns>(
    'SELECT * FROM labelRecords WHERE labelling = ? AND number > ? ORDER BY number LIMIT ?',
  );
  const lastRecord = database.prepare<[number], { key: number; number: number }>(
    'SELECT key, number FROM labelRecords WHERE labelling = ? ORDER BY number DESC LIMIT 1',
  );
  const unindex = database.prepare<[number]>('DELETE FROM labelTexts WHERE rowid = ?');
  const deleteRecord = database.prepare<[number]>('DELETE FROM labelRecords WHERE key = ?');

  const table: LabelsTable = {
    start(head) {
      const labelling = heads.insert(head);
      let next = 1;
      return {
        append(records) {
          database.transaction(() => {
            const facetChanges = new FacetChanges();
            let number = next;
            for (const record of records) writer.insert(labelling, number++, record, facetChanges);
            counts.write(labelling.key, facetChanges);
          });
          next += records.length;
        },
        finish() {
          return database.transaction(() => {
            heads.finish(labelling.key);
            const summary = heads.get(head.id);
            if (summary === undefined)
              throw new Error(`labelling ${head.id} was removed while it was filled`);
            return summary;
          });
        },
      };
    },
    list: heads.list,
    get: heads.get,
    saveLabels: heads.saveLabels,
    state(id) {
      const { key } = heads.key(id);
      const facets = counts.read(key);
      const list = (wanted: string) =>
        facets.filter(({ facet }) => facet === wanted).map(({ name, count }) => ({ name, count }));
      const only = (wanted: string) => list(wanted)[0]?.count ?? 0;
      return {
        byStatus: countsByStatus(facets),
        byLabel: list('label'),
        bySuggestion: list('suggestion'),
        bySplit: list('split'),
        flagged: only('flagged'),
        noted: only('noted'),
        disagreeing: only('disagreeing'),
        undo: history.newestDone(key),
        redo: history.oldestUndone(key),
        sequence: history.lastSequence(key),
      };
    },
    page: (id, query) => search.page(heads.key(id), query),
    count: (id, filter, limit) => search.count(heads.key(id), filter, limit),
    matching: (id, filter) => search.matching(heads.key(id), filter),
    record: (id, number) => changes.read(heads.key(id), number),
    *allRecords(id) {
      const { key } = heads.key(id);
      const pageSize = 1000;
      for (let after = 0; ;) {
        const rows = rangeOfRecords.all(key, after, pageSize);
        for (const row of rows) {
          if (row.deleted === 0) yield readStored(row);
          after = row.number;
        }
        if (rows.length < pageSize) return;
      }
    },
    act(id, action, numbers, edit) {
      return database.transaction(() => {
        const labelling = heads.key(id);
        const sequence = history.begin(labelling.key, action, action.kind, action.value, 'done');
        const { changed, records, firstNumber } = changes.apply(
          labelling,
          numbers,
          edit,
          (number, before, after) => history.addChange(sequence, number, before, after),
        );
        if (changed === 0 && action.labels === undefined) {
          history.forget(sequence);
          return nothing;
        }
        history.complete(sequence, changed, firstNumber);
        history.dropUndone(labelling.key);
        if (action.labels === undefined) return { sequence, changed, records };
        const { before, after } = action.labels;
        history.saveLabels(sequence, { before: [...before], after: [...after] });
        heads.saveLabels(id, after);
        return { sequence, changed, records, labels: [...after] };
      });
    },
    add(id, action, records) {
      return database.transaction(() => {
        const labelling = heads.key(id);
        const sequence = history.begin(labelling.key, action, action.kind, action.value, 'done');
        const facetChanges = new FacetChanges();
        const firstNumber = (lastRecord.get(labelling.key)?.number ?? 0) + 1;
        let number = firstNumber;
        for (const record of records) {
          writer.insert(labelling, number, record, facetChanges);
          history.addChange(sequence, number, { deleted: true }, { deleted: false });
          number++;
        }
        counts.write(labelling.key, facetChanges);
        history.complete(sequence, number - firstNumber, firstNumber);
        history.dropUndone(labelling.key);
        return { sequence, changed: number - firstNumber, records: [] };
      });
    },
    undo: turns.undo,
    redo: turns.redo,
    revert: turns.revert,
    history: (id, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      history.entries(heads.key(id).key, before, limit),
    recentLabels: (id, limit) => history.recentLabels(heads.key(id).key, limit),
    saveOpinions: (id, said) => opinions.save(heads.key(id), said),
    withOpinion: (id, limit) => opinions.numbers(heads.key(id), limit),
    help: heads.help,
    saveHelp: heads.saveHelp,
    withoutFeature: (id, status, limit) => features.missing(heads.key(id), status, limit),
    saveFeatures: (id, found) => features.save(heads.key(id), found),
    features: (id) => features.all(heads.key(id)),
    clearFeatures: (id) => features.clear(heads.key(id)),
    filters: filters.list,
    saveFilter: filters.save,
    removeFilter: filters.remove,
    remove: heads.hide,
    purgeSome(limit) {
      return database.transaction(() => {
        const [key] = heads.unready();
        if (key === undefined) return false;
        const rows = rangeOfRecords.all(key, 0, limit);
        for (const row of rows) {
          unindex.run(row.key);
          deleteRecord.run(row.key);
        }
        if (rows.length < limit) heads.remove(key);
        return true;
      });
    },
  };
  return table;
}
