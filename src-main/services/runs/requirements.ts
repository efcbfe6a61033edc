import { TunebenchError } from '../../contract/errors/index.ts';
import type { RunDetail, RunStatus } from '../../contract/runs.ts';

/** Runs that train, or will. */
export const unfinished: readonly RunStatus[] = ['queued', 'preparing', 'running', 'paused'];

/** @throws TunebenchError `run.wrongStatus` */
export function requireStatus(run: RunDetail, action: string, allowed: readonly RunStatus[]): void {
  if (allowed.includes(run.status)) return;
  throw new TunebenchError('run.wrongStatus', {
    name: run.name,
    status: run.status,
    action,
    allowed: allowed.join(', '),
  });
}

/** @throws TunebenchError `run.inBin` where it was thrown away */
export function requireInLog(run: RunDetail, action: string): void {
  if (run.removedAt !== null) throw new TunebenchError('run.inBin', { name: run.name, action });
}
