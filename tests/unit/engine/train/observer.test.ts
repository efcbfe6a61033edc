import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import { Observer } from '../../../../src-main/engine/train/observer.ts';
import { planTraining } from '../../../../src-main/engine/train/plan.ts';

function observe(totalSteps: number, steps: number) {
  const events: RunEventBody[] = [];
  let now = 100;
  const memory = { currentBytes: () => now++, peakBytes: () => 50 };
  const observer = new Observer((event) => events.push(event), memory);
  observer.begin(totalSteps);
  for (let step = totalSteps - steps + 1; step <= totalSteps; step++) {
    observer.stepped({
      step,
      epoch: 0,
      rows: 4,
      tokens: 20,
      totalTokens: 20 * step,
      stepMs: 2,
      elapsedMs: 0,
      metrics: { loss: 1 },
    });
  }
  return { events, observer };
}

describe('Observer', () => {
  it('tells of every step of a run of ordinary length, with its rates', () => {
    const { events, observer } = observe(9_000, 500);
    expect(events).toHaveLength(500);
    expect(events[0]).toMatchObject({ metrics: { loss: 1, rowsPerSecond: 2000, tokensPerSecond: 10_000 } });
    expect(observer.rowsPerSecond).toBeCloseTo(2000, 6);
    expect(observer.lastMetrics).toEqual({ loss: 1 });
  });

  it('thins out the fast steps of a very long run, but never the last', () => {
    const { events } = observe(20_000, 500);
    expect(events.length).toBeLessThan(100);
    expect(events.at(-1)).toMatchObject({ step: 20_000, remainingMs: 0 });
  });

  it('passes the load of the machine on where it was measured anew', () => {
    const loads = [{ process: 0.5, machine: 0.75 }, null, { process: 0.25, machine: 0.5, gpu: 1 }];
    const events: RunEventBody[] = [];
    const takeLoad = () => loads.shift() ?? null;
    const memory = { currentBytes: () => 1, peakBytes: () => 1, takeLoad };
    const observer = new Observer((event) => events.push(event), memory);
    observer.begin(3);
    const step = { epoch: 0, rows: 1, tokens: 1, totalTokens: 1, stepMs: 1, elapsedMs: 0, metrics: {} };
    for (const each of [1, 2, 3]) observer.stepped({ ...step, step: each });
    expect(events.map((event) => event.event === 'stepped' && event.load)).toEqual([
      { process: 0.5, machine: 0.75 },
      undefined,
      { process: 0.25, machine: 0.5, gpu: 1 },
    ]);
  });

  it('remembers the most memory it saw', () => {
    const { observer } = observe(10, 10);
    expect(observer.peakMemoryBytes).toBe(109);
  });
});

describe('time left', () => {
  const stepAt = (observer: Observer, step: number) =>
    observer.stepped({
      step,
      epoch: 0,
      rows: 1,
      tokens: 1,
      totalTokens: step,
      stepMs: 1,
      elapsedMs: 0,
      metrics: {},
    });

  it('counts neither a pause nor a machine that slept, and no clock on the wall', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const left: number[] = [];
    const observer = new Observer(
      (event) => void (event.event === 'stepped' && left.push(event.remainingMs)),
      { currentBytes: () => 0, peakBytes: () => 0 },
    );
    observer.begin(10);
    for (let step = 1; step <= 3; step++) {
      vi.advanceTimersByTime(1_000);
      stepAt(observer, step);
    }
    observer.tell({ event: 'paused', step: 3 });
    vi.advanceTimersByTime(3_600_000);
    observer.tell({ event: 'resumed', step: 3 });
    vi.setSystemTime('2001-01-01T00:00:00Z');
    vi.advanceTimersByTime(1_000);
    stepAt(observer, 4);
    vi.advanceTimersByTime(8 * 3_600_000);
    stepAt(observer, 5);
    expect(left).toEqual([9_000, 8_000, 7_000, 6_000, 5_000]);
  });
});

describe('planTraining', () => {
  it.each([
    [{ batchSize: 32, accumulation: 1, epochs: 1, maximumSteps: 0 }, 313, 313],
    [{ batchSize: 32, accumulation: 4, epochs: 2, maximumSteps: 0 }, 79, 158],
    [{ batchSize: 32, accumulation: 1, epochs: 0.5, maximumSteps: 0 }, 313, 157],
    [{ batchSize: 32, accumulation: 1, epochs: 3, maximumSteps: 20 }, 313, 20],
    [{ batchSize: 20_000, accumulation: 8, epochs: 1, maximumSteps: 0 }, 1, 1],
  ])('%o', (options, stepsPerEpoch, totalSteps) => {
    expect(planTraining(10_003, options)).toMatchObject({ stepsPerEpoch, totalSteps });
  });
});
