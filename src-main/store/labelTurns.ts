import type { LabelChoice } from '../contract/labels.ts';
import type { StoreDatabase } from './database.ts';
import type { RecordChanger } from './labelChanges.ts';
import type { LabelHistory, RecordPatch } from './labelHistory.ts';
import type { LabellingKey } from './labelRecords.ts';
import type { ActionOutcome, Actor } from './labelTypes.ts';
import { type LabellingHeads, changedLabels } from './labellingHeads.ts';

type Direction = 'undo' | 'redo';

/** What an action comes to that changed nothing: it is not recorded either. */
export const nothing: ActionOutcome = { sequence: null, changed: 0, records: [] };

/** Goes back and forth in the history of a labelling, each time as an entry of its own. */
export function createTurns(
  database: StoreDatabase,
  parts: {
    readonly heads: LabellingHeads;
    readonly history: LabelHistory;
    readonly changes: RecordChanger;
  },
) {
  const { heads, history, changes } = parts;

  /** Takes one action back or does it again, in the running transaction. */
  function turn(
    id: string,
    labelling: LabellingKey,
    action: number,
    direction: Direction,
    onChange: (number: number) => void = () => undefined,
  ) {
    const labels = history.labelsOf(action);
    if (labels !== null) {
      const { before, after } = labels;
      const [from, to] = direction === 'undo' ? [after, before] : [before, after];
      heads.saveLabels(id, changedLabels(heads.get(id)?.labels ?? [], from, to));
    }
    const patches = new Map<number, RecordPatch>();
    for (const { number, before, after } of history.changesOf(action)) {
      patches.set(number, direction === 'undo' ? before : after);
    }
    history.setState(action, direction === 'undo' ? 'undone' : 'done');
    const outcome = changes.apply(labelling, patches.keys(), ({ number }) => patches.get(number), onChange);
    return { ...outcome, ...(labels === null ? {} : { labels: heads.get(id)?.labels ?? [] }) };
  }

  function turnOne(id: string, actor: Actor, direction: Direction): ActionOutcome {
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

  return {
    undo: (id: string, actor: Actor): ActionOutcome => turnOne(id, actor, 'undo'),
    redo: (id: string, actor: Actor): ActionOutcome => turnOne(id, actor, 'redo'),
    /** Goes to how everything was after an entry of the history. */
    revert(id: string, sequence: number, actor: Actor): ActionOutcome {
      return database.transaction(() => {
        const labelling = heads.key(id);
        const touched = new Set<number>();
        let turned = 0;
        let labels: LabelChoice[] | undefined;
        for (;;) {
          const newer = history.newestDone(labelling.key, sequence);
          const older = newer === null ? history.oldestUndone(labelling.key) : null;
          const action = newer ?? older;
          if (action === null || (newer === null && action > sequence)) break;
          const direction = newer === null ? 'redo' : 'undo';
          const outcome = turn(id, labelling, action, direction, (number) => touched.add(number));
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
  };
}
