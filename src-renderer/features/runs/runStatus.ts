import type { RunStatus, RunSummary } from '../../../src-main/contract/runs.ts';

/** Something happens to it by itself, now or soon. */
export function isActive(status: RunStatus): boolean {
  return status === 'queued' || status === 'preparing' || status === 'running' || status === 'paused';
}

/** Its weights can be tried and exported. */
export function isUsable(status: RunStatus): boolean {
  return status === 'completed' || status === 'stopped';
}

/** Something about its training can be changed. */
export function isSteerable(status: RunStatus): boolean {
  return status !== 'queued' && status !== 'preparing';
}

export interface RunActions {
  pause: boolean;
  resume: boolean;
  stop: boolean;
  remove: boolean;
}

/** What can be done with a run in this state. */
export function actionsFor(status: RunStatus): RunActions {
  return {
    pause: status === 'running',
    resume: status === 'paused' || status === 'interrupted' || status === 'stopped',
    stop: isActive(status),
    remove: !isActive(status),
  };
}

export type StatusTone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

export const statusTones: Readonly<Record<RunStatus, StatusTone>> = {
  queued: 'neutral',
  preparing: 'accent',
  running: 'accent',
  paused: 'warn',
  completed: 'good',
  stopped: 'neutral',
  failed: 'bad',
  interrupted: 'warn',
};

/** Milliseconds in training. Of runs that an earlier version recorded, only what the clock on the wall said is known. */
export function durationOf(
  run: Pick<RunSummary, 'startedAt' | 'endedAt' | 'elapsedMs'>,
  now = Date.now(),
): number | null {
  if (run.startedAt === null) return null;
  if (run.elapsedMs !== null) return run.elapsedMs;
  const end = run.endedAt === null ? now : new Date(run.endedAt).getTime();
  return Math.max(0, end - new Date(run.startedAt).getTime());
}
