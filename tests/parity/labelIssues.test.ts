import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  confidentJoint,
  confidentThresholds,
  findLabelIssues,
} from '../../src-main/datasets/health/confidentLearning.ts';
import { python, pythonIsRequired, runReference } from './python.ts';

const recorded = join(import.meta.dirname, '..', 'reference', 'recorded', 'labelIssues.json');
const examplesSchema = z.array(
  z.object({
    labels: z.array(z.number()),
    probabilities: z.array(z.array(z.number())),
    thresholds: z.array(z.number()),
    joint: z.array(z.array(z.number())),
    issues: z.array(z.number()),
  }),
);
const examplesIn = (file: string) => examplesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const close = (found: readonly number[], expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 10));
};

const examples = examplesIn(recorded);
test.each(examples.map((_, index) => index))(
  "example %i gives cleanlab's label issues in its order",
  (index) => {
    const example = examples[index];
    if (example === undefined) throw new Error('There is no such example.');
    close(confidentThresholds(example), example.thresholds);
    expect(confidentJoint(example)).toEqual(example.joint);
    const issues = findLabelIssues(example);
    expect(issues.map(({ row }) => row)).toEqual(example.issues);
    expect(issues.length).toBeGreaterThan(2);
  },
);

test.skipIf(python === undefined && !pythonIsRequired)('cleanlab still says the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-labels-'));
  try {
    const file = join(folder, 'fresh.json');
    runReference('label_issues.py', file);
    expect(examplesIn(file)).toEqual(examples);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
