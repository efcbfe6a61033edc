import type { Job } from '../../../src-main/contract/events.ts';

/** How far a job is (0–1) and how long it still takes, where either can be told. */
export function jobProgress(job: Pick<Job, 'done' | 'total' | 'ratePerSecond'>): {
  share: number | null;
  remainingMs: number | null;
} {
  const { done, total, ratePerSecond } = job;
  if (total === null || total <= 0) return { share: null, remainingMs: null };
  const share = Math.min(1, done / total);
  const remainingMs =
    ratePerSecond !== null && ratePerSecond > 0 ? (Math.max(0, total - done) / ratePerSecond) * 1000 : null;
  return { share, remainingMs };
}
