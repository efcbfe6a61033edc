import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import {
  countWarmupSteps,
  learningRateFactor,
  scheduleNames,
} from '../../../../src-main/engine/optim/schedules.ts';
import { projectRoot } from '../testBackend.ts';

const { schedules } = z
  .object({
    schedules: z.array(
      z.object({
        name: z.enum(scheduleNames),
        totalSteps: z.number(),
        warmupSteps: z.number(),
        factors: z.array(z.number()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'tests/reference/recorded/optimizer.json'), 'utf8')));

it.each(schedules)(
  '$name over $totalSteps steps, $warmupSteps of warm-up, as transformers',
  ({ name, ...plan }) => {
    plan.factors.forEach((factor, step) => {
      expect(learningRateFactor(name, step, plan.warmupSteps, plan.totalSteps)).toBeCloseTo(factor, 12);
    });
  },
);

it('rounds warm-up steps up', () => {
  expect(countWarmupSteps(313, 0.06)).toBe(19);
  expect(countWarmupSteps(10, 0)).toBe(0);
});
