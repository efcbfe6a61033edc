import type { LabelChoice, LabelRecord } from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';
import { FacetChanges, createFacetCounts } from './labelFacets.ts';
import { createFeatures } from './labelFeatures.ts';
import { createLabelFilters } from './labelFilters.ts';
import { type RecordPatch, createLabelHistory } from './labelHistory.ts';
import { createOpinions } from './labelOpinions.ts';
import {
  type LabellingKey,
  type RecordColumns,
  createRecordWriter,
  readShown,
  readStored,
} from './labelRecords.ts';
import { createLabelSearch } from './labelSearch.ts';
import { changedLabels, countsByStatus, createLabellingHeads } from './labellingHeads.ts';
import type { ActionOutcome, Actor, LabelsTable, StoredRecord } from './labelTypes.ts';

/** So many changed records come back with an action; who needs more reads the page again. */
const shownRecords = 200;

const patchKeys = [
  'status',
  'split',
  'fields',
  'answer',
  'suggestion',
  'score',
  'flagged',
  'note',
  'deleted',
] as const;

/** The values of `record` under the names that a patch has. */
function valuesUnder(patch: RecordPatch, record: StoredRecord): RecordPatch {
  return Object.fromEntries(patchKeys.filter((key) => key in patch).map((key) => [key, record[key]]));
}

/** What of a patch differs from the record as it is. */
function realChanges(patch: RecordPatch, record: StoredRecord): RecordPatch | undefined {
  const changed = patchKeys.filter(
    (key) => key in patch && JSON.stringify(patch[key]) !== JSON.stringify(record[key]),
  );
  if (changed.length === 0) return undefined;
  return Object.fromEntries(changed.map((key) => [key, patch[key]]));
}

/** Records being labelled, the history of what was done to them, and every count, always in step with each other. */
export function createLabelsTable(database: StoreDatabase): LabelsTable {
  const counts = createFacetCounts(database);
  const heads = createLabellingHeads(database, counts);
  const history = createLabelHistory(database);
  const writer = createRecordWriter(database);
  const opinions = createOpinions(database, writer, counts);
  const features = createFeatures(database);
  const filters = createLabelFilters(database);
  const search = createLabelSearch(database, counts);
  const getRecord = database.prepare<[number, number], RecordColumns>(
    'SELECT * FROM labelRecords WHERE labelling = ? AND number = ?',
  );
  const rangeOfRecords = database.prepare<[number, number, number], RecordColumns>(
    'SELECT * FROM labelRecords WHERE labelling = ? AND number > ? ORDER BY number LIMIT ?',
  );
  const lastRecord = database.prepare<[number], { key: number; number: number }>(
    'SELECT key, number FROM labelRecords WHERE labelling = ? ORDER BY number DESC LIMIT 1',
  );
  const unindex = database.prepare<[number]>('DELETE FROM labelTexts WHERE rowid = ?');
  const deleteRecord = database.prepare<[number]>('DELETE FROM labelRecords WHERE key = ?');

  /** Applies what `patchOf` says to each record, in the running transaction. */
  function change(
    labelling: LabellingKey,
    numbers: Iterable<number>,
    patchOf: (record: StoredRecord) => RecordPatch | undefined,
    onChange: (number: number, before: RecordPatch, after: RecordPatch) => void,
  ): { changed: number; records: LabelRecord[]; firstNumber: number | null } {
    const facetChanges = new FacetChanges();
    const shown: number[] = [];
    let changed = 0;
    for (const number of numbers) {
      const row = getRecord.get(labelling.key, number);
      if (row === undefined) continue;
      const before = readStored(row);
      const patch = patchOf(before);
      const after = patch && realChanges(patch, before);
      if (after === undefined) continue;
      writer.update(labelling, row.key, before, { ...before, ...after }, facetChanges);
      onChange(number, valuesUnder(after, before), after);
      if (changed++ < shownRecords) shown.push(number);
    }
    counts.write(labelling.key, facetChanges);
    const records = shown.flatMap((number) => {
      const row = getRecord.get(labelling.key, number);
      return row === undefined ? [] : [readShown(row)];
    });
    return { changed, records, firstNumber: shown[0] ?? null };
  }

  /** Takes one action back or does it again; in the running transaction. */
  function turn(id: string, labelling: LabellingKey, action: number, direction: 'undo' | 'redo') {
    const labels = history.labelsOf(action);
    if (labels !== null) {
      const { before, after } = labels;
      const [from, to] = direction === 'undo' ? [after, before] : [before, after];
      heads.saveLabels(id, changedLabels(heads.get(id)?.labels ?? [], from, to));
    }
    const changes = new Map<number, RecordPatch>();
    for (const { number, before, after } of history.changesOf(action)) {
      changes.set(number, direction === 'undo' ? before : after);
    }
    history.setState(action, direction === 'undo' ? 'undone' : 'done');
    const outcome = change(
      labelling,
      changes.keys(),
      ({ number }) => changes.get(number),
      () => undefined,
    );
    return { ...outcome, ...(labels === null ? {} : { labels: heads.get(id)?.labels ?? [] }) };
  }

  const nothing: ActionOutcome = { sequence: null, changed: 0, records: [] };

  function turnOne(id: string, actor: Actor, direction: 'undo' | 'redo'): ActionOutcome {
    return database.transaction(() => {
      const labelling = heads.key(id);
      const action =
        direction === 'undo' ? history.newestDone(labelling.key) : history.oldestUndone(labelling.key);
      if (action === null) return nothing;
      const { firstNumber, ...outcome } = turn(id, labelling, action, direction);
      const sequence = history.begin(labelling.key, actor, direction, String(action), 'turn');
      history.complete(sequence, outcome.changed, firstNumber);
      return { sequence, ...outcome };
    });
  }

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
    record(id, number) {
      const row = getRecord.get(heads.key(id).key, number);
      return row && readStored(row);
    },
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
        const { changed, records, firstNumber } = change(labelling, numbers, edit, (number, before, after) =>
          history.addChange(sequence, number, before, after),
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
    undo: (id, actor) => turnOne(id, actor, 'undo'),
    redo: (id, actor) => turnOne(id, actor, 'redo'),
    revert(id, sequence, actor) {
      return database.transaction(() => {
        const labelling = heads.key(id);
        const touched = new Set<number>();
        let turned = 0;
        let labels: LabelChoice[] | undefined;
        for (;;) {
          const newer = history.newestDone(labelling.key, sequence);
          const older = newer === null ? history.oldestUndone(labelling.key) : null;
          if (newer === null && (older === null || older > sequence)) break;
          const outcome = turn(id, labelling, newer ?? older ?? 0, newer === null ? 'redo' : 'undo');
          for (const { number } of outcome.records) touched.add(number);
          labels = outcome.labels ?? labels;
          turned++;
        }
        if (turned === 0) return nothing;
        const entry = history.begin(labelling.key, actor, 'revert', String(sequence), 'turn');
        history.complete(entry, touched.size, touched.values().next().value ?? null);
        const changed = { sequence: entry, changed: touched.size, records: [] };
        return labels === undefined ? changed : { ...changed, labels };
      });
    },
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
