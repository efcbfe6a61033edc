import { describe, expect, test } from 'vitest';
import { parseAppearance } from '../../../src-renderer/app/appearance.ts';
import { jobProgress } from '../../../src-renderer/features/models/jobProgress.ts';
import { suggestExportFolder } from '../../../src-renderer/features/runs/exportFolder.ts';
import { statusAfter } from '../../../src-renderer/features/runs/runEvents.ts';
import { actionsFor, durationOf } from '../../../src-renderer/features/runs/runStatus.ts';

describe('runs', () => {
  test('events move the state; notes and checkpoints do not', () => {
    expect(statusAfter({ event: 'paused', step: 3 })).toBe('paused');
    expect(statusAfter({ event: 'resumed', step: 3 })).toBe('running');
    expect(statusAfter({ event: 'checkpointed', step: 3, sizeBytes: 1 })).toBeUndefined();
  });

  test('only what makes sense is offered', () => {
    expect(actionsFor('running')).toEqual({ pause: true, resume: false, stop: true, remove: false });
    expect(actionsFor('paused')).toEqual({ pause: false, resume: true, stop: true, remove: false });
    expect(actionsFor('interrupted')).toEqual({ pause: false, resume: true, stop: false, remove: true });
    expect(actionsFor('completed')).toEqual({ pause: false, resume: false, stop: false, remove: true });
  });

  test('a run that goes on is measured up to now', () => {
    const startedAt = '2030-01-01T00:00:00Z';
    const now = Date.parse('2030-01-01T00:01:00Z');
    const elapsedMs = null;
    expect(durationOf({ startedAt, endedAt: null, elapsedMs }, now)).toBe(60_000);
    expect(durationOf({ startedAt, endedAt: '2030-01-01T00:00:05Z', elapsedMs }, now)).toBe(5_000);
    expect(durationOf({ startedAt: null, endedAt: null, elapsedMs }, now)).toBeNull();
    // A clock that was set back in mid-run does not matter where the time was measured.
    const setBack = { startedAt, endedAt: '2029-12-31T00:00:00Z', elapsedMs: 7_000 };
    expect(durationOf(setBack, now)).toBe(7_000);
  });
});

test('a job tells its share and time left where they can be told', () => {
  expect(jobProgress({ done: 25, total: 100, ratePerSecond: 5 })).toEqual({
    share: 0.25,
    remainingMs: 15_000,
  });
  expect(jobProgress({ done: 25, total: null, ratePerSecond: 5 })).toEqual({
    share: null,
    remainingMs: null,
  });
  expect(jobProgress({ done: 25, total: 100, ratePerSecond: 0 }).remainingMs).toBeNull();
});

test('an export lands in the data folder, under a name every system takes', () => {
  expect(suggestExportFolder('/data', 'LoRA · 문의/1', 'adapter')).toBe('/data/exports/LoRA-문의-1-adapter');
  expect(suggestExportFolder('C:\\data\\', '???', 'merged')).toBe('C:\\data\\exports\\run-merged');
});

test('a damaged memory of the appearance falls back to the system’s', () => {
  const fallback = { language: 'system', theme: 'system' };
  expect(parseAppearance(null)).toEqual(fallback);
  expect(parseAppearance('{')).toEqual(fallback);
  expect(parseAppearance('{"language":"fr","theme":7}')).toEqual(fallback);
  expect(parseAppearance('{"language":"ko","theme":"dark"}')).toEqual({ language: 'ko', theme: 'dark' });
});
