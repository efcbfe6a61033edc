import { expect, test } from 'vitest';
import { exampleRun, exampleSample } from './fixtures/examples.ts';
import { temporaryStore } from './temporaryStore.ts';

function storeWithRun() {
  const store = temporaryStore();
  store.runs.insert(exampleRun);
  return store;
}

test('rows are kept once, answers by step, and what comes after a step can be forgotten', () => {
  const { samples } = storeWithRun();
  const later = { ...exampleSample, right: true };
  for (const step of [0, 5, 10]) samples.append('run-1', step, [exampleSample, later]);
  samples.append('run-1', 10, [later, later]);
  expect(samples.steps('run-1')).toEqual([0, 5, 10]);
  expect(samples.at('run-1', 5)).toEqual([exampleSample, later]);
  expect(samples.at('run-1', 10)).toEqual([later, later]);
  expect(samples.at('run-1', 6)).toBeUndefined();
  samples.removeAfter('run-1', 5);
  expect(samples.steps('run-1')).toEqual([0, 5]);
  samples.removeAfter('run-1', -1);
  expect(samples.steps('run-1')).toEqual([]);
});

test('of very many steps an even choice is kept, the first and the newest among them', () => {
  const store = storeWithRun();
  const { samples } = store;
  const sampleUpTo = (last: number) =>
    store.transaction(() => {
      for (let step = last - 495; step <= last; step += 5) samples.append('run-1', step, [exampleSample]);
    });
  samples.append('run-1', 0, [exampleSample]);
  for (let step = 500; step <= 4000; step += 500) {
    sampleUpTo(step);
    const steps = samples.steps('run-1');
    expect(steps.length).toBe(Math.min(200, step / 5 + 1));
    expect([steps[0], steps.at(-1)]).toEqual([0, step]);
    // Half as dense as the others at most: those that were looked at one by one come last.
    const gaps = steps.slice(1).map((each, index) => each - (steps[index] ?? 0));
    const even = step / (steps.length - 1);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(5, 2 * even));
  }
});

test('a run that is deleted takes its samples with it', () => {
  const store = storeWithRun();
  store.samples.append('run-1', 1, [exampleSample]);
  store.runs.remove('run-1');
  expect(store.samples.steps('run-1')).toEqual([]);
  store.runs.insert(exampleRun);
  expect(store.samples.at('run-1', 1)).toBeUndefined();
});
