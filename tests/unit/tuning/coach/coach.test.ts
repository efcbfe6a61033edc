import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { adviseOnRun } from '../../../../src-main/tuning/index.ts';
import { curveCases } from './cases.ts';
import { evidenceOf, findingsOf, tableLines } from './evidence.ts';

describe('the coach on recorded runs', () => {
  test('there are at least thirty', () => {
    expect(curveCases.length).toBeGreaterThanOrEqual(30);
  });

  test.each(curveCases.filter(({ cause }) => cause === 'healthy'))('$name: nothing to say', (curve) => {
    expect(findingsOf(curve)).toEqual([]);
  });

  test.each(curveCases.filter(({ cause }) => cause !== 'healthy'))('$name: $cause', (curve) => {
    expect(findingsOf(curve)).toContain(curve.cause);
  });

  test('its page says what it says', () => {
    const page = readFileSync(new URL('../../../../docs/coach.md', import.meta.url), 'utf8');
    // Formatting pads the cells.
    const lines = page.split('\n').map((line) => line.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---'));
    expect(lines).toEqual(expect.arrayContaining(tableLines()));
  });
});

describe('the coach', () => {
  test('does not judge a run in progress by where it ends', () => {
    expect(adviseOnRun({ ...evidenceOf('rate-low-lora-0.00001'), finished: false })).toEqual([]);
  });

  test('has nothing to say before anything was measured', () => {
    const evidence = evidenceOf('healthy-lora-0');
    const empty = { ...evidence, finished: false, trainLoss: [], validationLoss: [], confusion: null };
    expect(adviseOnRun(empty)).toEqual([]);
  });

  test('knows a loss that became infinite', () => {
    const failed = { ...evidenceOf('healthy-lora-0'), finished: false, failureCode: 'run.lossNotFinite' };
    expect(adviseOnRun(failed)).toMatchObject([
      { finding: { code: 'coach.lossNotFinite' }, changes: [{ training: { learningRate: 3e-4 } }] },
    ]);
  });

  test('offers settings that differ from those of the run', () => {
    for (const { name } of curveCases) {
      const evidence = evidenceOf(name);
      for (const { training } of adviseOnRun(evidence).flatMap(({ changes }) => changes)) {
        const same = Object.entries(training ?? {}).filter(
          ([key, value]) => value === Reflect.get(evidence.training, key),
        );
        expect({ name, same }).toEqual({ name, same: [] });
      }
    }
  });
});
