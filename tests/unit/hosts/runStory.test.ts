import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Advice } from '../../../src-main/contract/coach.ts';
import { describeProblem } from '../../../src-main/contract/errors/index.ts';
import type { RunEvent, RunEventBody } from '../../../src-main/contract/events.ts';
import { changeLines, keptStep, outcomeLines } from '../../../src-main/hosts/cli/runStory.ts';

const { LC_ALL } = process.env;
const speak = (language: string) => (process.env['LC_ALL'] = language);
beforeEach(() => speak('en_US.UTF-8'));
afterEach(() => {
  if (LC_ALL === undefined) delete process.env['LC_ALL'];
  else process.env['LC_ALL'] = LC_ALL;
});

const logOf = (...bodies: RunEventBody[]): RunEvent[] =>
  bodies.map((body, index) => ({ sequence: index + 1, runId: 'run', at: '2026-01-01T00:00:00.000Z', body }));
const evaluated = (step: number, best: boolean): RunEventBody => ({
  event: 'evaluated',
  step,
  split: 'validation',
  metrics: { loss: 1 },
  best,
});
const finished = (step: number): RunEventBody => ({
  event: 'finished',
  outcome: 'completed',
  metrics: {},
  step,
  rowsPerSecond: 1,
  peakMemoryBytes: 1,
  trainableParameters: 1,
  elapsedMs: 1,
});

test('says which step was kept, where it is not the last', () => {
  expect(keptStep(logOf(evaluated(4, true), evaluated(8, false), finished(8)))).toBe(4);
  expect(keptStep(logOf(evaluated(4, true), evaluated(8, true), finished(8)))).toBeUndefined();
  expect(keptStep(logOf(evaluated(4, true), evaluated(8, false)))).toBeUndefined();
  // Gone back behind the best one, it found another.
  const back = logOf(evaluated(4, true), finished(8), { event: 'queued', fromStep: 2 }, evaluated(6, true));
  expect(keptStep([...back, ...logOf(finished(8))])).toBe(6);
  const lost = describeProblem('run.bestMissing', { step: 4 });
  expect(keptStep(logOf(evaluated(4, true), { event: 'noted', problem: lost }, finished(8)))).toBeUndefined();
});

test('prints every change on the way, also those the workbench made itself', () => {
  const log = logOf(
    { event: 'queued', fromStep: 6 },
    { event: 'steered', id: 'a', step: 6, change: { kind: 'learningRate', learningRate: 0.0005 } },
    { event: 'steered', id: 'b', step: 7, change: { kind: 'length', epochs: 3 } },
    { event: 'steered', id: 'c', step: 8, change: { kind: 'passTokens', passTokens: 128 } },
    { event: 'noted', problem: describeProblem('run.goesOnWithLess', { name: 'x', step: 8, tokens: 128 }) },
    { event: 'steered', id: 'd', step: 9, change: { kind: 'evaluation' } },
    finished(12),
    { event: 'queued', fromStep: 10, undone: [] },
  );
  const lines = changeLines(log).map((line) => line.trim());
  expect(lines[0]).toBe('On the way:');
  expect(lines.slice(1, 5)).toEqual([
    'forked at step 6 of its parent',
    'step 6: learning rate set to 0.0005',
    'step 7: length set to 3 epochs',
    'step 8: 128 tokens computed at once from here on',
  ]);
  expect(lines[5]).toContain('128');
  expect(lines.slice(6)).toEqual(['step 9: evaluation asked for', 'went back to step 10']);
  expect(changeLines(logOf({ event: 'queued' }, finished(4)))).toEqual([]);
  speak('ko_KR.UTF-8');
  expect(changeLines(log)[2]).toContain('학습률을 0.0005(으)로 바꿈');
});

test('prints what the coach sees and the flags that try something else', () => {
  const advice: Advice[] = [
    {
      finding: describeProblem('coach.rateTooHigh', {
        start: 1,
        peak: 9,
        learningRate: 0.1,
        suggested: 0.01,
      }),
      severity: 'warning',
      step: null,
      changes: [{ training: { learningRate: 0.01, batchSize: 8 } }, { methodId: 'lora' }],
    },
  ];
  const lines = outcomeLines(logOf(evaluated(4, true), finished(8)), advice);
  expect(lines).toEqual([
    'The result has the weights of step 4, the best on the validation rows.',
    'What the curves say:',
    expect.stringMatching(/^The training loss jumps about .* Try again with a tenth of the rate: 0\.01\.$/),
    '  To try instead: --learning-rate 0.01 --batch 8',
    '  To try instead: --method lora',
  ]);
  expect(outcomeLines([], [])).toEqual([]);
});
