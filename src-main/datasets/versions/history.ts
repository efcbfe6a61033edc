import type { DatasetChange } from '../../contract/datasetChanges.ts';

interface Version {
  readonly id: string;
  readonly change?: DatasetChange | undefined;
}

export interface HistoryMoves {
  /** The version whose content an undo brings back; undefined where nothing is left to undo. */
  readonly undo: string | undefined;
  readonly redo: string | undefined;
}

/**
 * Where undo and redo lead, by what was done so far: undoing and redoing are versions themselves, so nothing is ever
 * lost, and any other change after an undo leaves nothing to redo.
 * @param versions oldest first
 */
export function findHistoryMoves(versions: readonly Version[]): HistoryMoves {
  const done: string[] = [];
  let undone: string[] = [];
  for (const { id, change } of versions) {
    if (change?.kind === 'undone' && done.length > 1) undone.push(done.pop() ?? id);
    else if (change?.kind === 'redone' && undone.length > 0) done.push(undone.pop() ?? id);
    else {
      done.push(id);
      undone = [];
    }
  }
  return { undo: done.at(-2), redo: undone.at(-1) };
}
