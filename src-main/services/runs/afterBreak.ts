import { describeProblem } from '../../contract/errors/index.ts';
import type { RunEventBody } from '../../contract/events.ts';
import type { RunDetail } from '../../contract/runs.ts';
import type { Store } from '../../store/store.ts';
import { newId } from '../identity.ts';
import { steeringOf } from './steerRun.ts';

/** Fewer tokens at once than this save no memory worth having. */
const fewestTokens = 64;

/** Tokens a run computes at once, as it was told or steered. */
function passTokensOf(store: Store, run: RunDetail): number {
  const steered = steeringOf(store, run.id).flatMap(({ change }) =>
    change.kind === 'passTokens' ? [change.passTokens] : [],
  );
  const told = run.config.training['passTokens'];
  return steered.at(-1) ?? (typeof told === 'number' ? told : 0);
}

/**
 * Decides what becomes of runs whose process ended before its time: those that ran out of memory go on with half as
 * much at once, others go on where the settings say so, each only as long as it gets further.
 */
export function createAfterBreak(
  store: Store,
  record: (runId: string, body: RunEventBody) => void,
  queueAgain: (run: RunDetail) => Promise<void>,
) {
  /** How far each run had come when it was taken up by itself the last time. */
  const takenUpAt = new Map<string, number>();

  /** @param forMemory whether the system ended the process because memory ran out */
  return async function afterBreak(runId: string, forMemory: boolean): Promise<void> {
    const run = store.runs.get(runId);
    if (run?.status !== 'interrupted' || run.removedAt !== null) return;
    if (forMemory) {
      const passTokens = Math.floor(passTokensOf(store, run) / 2);
      if (passTokens < fewestTokens) return;
      const { name, step } = run;
      record(runId, {
        event: 'steered',
        id: newId(),
        step,
        change: { kind: 'passTokens', passTokens },
      });
      record(runId, {
        event: 'noted',
        problem: describeProblem('run.goesOnWithLess', { name, step, tokens: passTokens }),
      });
      await queueAgain(run);
      return;
    }
    if (!store.settings.get().resumeAfterBreak) return;
    // A run that breaks again at the same place would do so for ever.
    if (run.step <= (takenUpAt.get(runId) ?? -1)) return;
    takenUpAt.set(runId, run.step);
    await queueAgain(run);
  };
}
