import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { applyProbe, fitProbe, uploadRows } from '../../src-main/engine/probe/logisticRegression.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { python, pythonIsRequired, runReference } from './python.ts';

const recorded = join(import.meta.dirname, '..', 'reference', 'recorded', 'probe.json');
const examplesSchema = z.array(
  z.object({
    strength: z.number(),
    classes: z.number(),
    features: z.array(z.array(z.number())),
    labels: z.array(z.number()),
    probabilities: z.array(z.array(z.number())),
  }),
);
const examplesIn = (file: string) => examplesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const examples = examplesIn(recorded);

test.each(examples.map((_, index) => index))(
  "example %i gives scikit-learn's probabilities, and the same bytes again",
  async (index) => {
    const example = examples[index];
    if (example === undefined) throw new Error('There is no such example.');
    const backend = await loadTestBackend();
    const before = backend.liveHandles;
    const fit = () => {
      const rows = uploadRows(
        backend,
        example.features.map((row) => Float32Array.from(row)),
      );
      const options = { strength: example.strength, maximumSteps: 300 };
      const weights = fitProbe(backend, rows, Int32Array.from(example.labels), example.classes, options);
      const found = applyProbe(backend, rows, weights);
      backend.release(rows.handle);
      return { weights, found };
    };
    const { weights, found } = fit();
    example.probabilities.flat().forEach((expected, at) => {
      expect(Math.abs((found[at] ?? Number.NaN) - expected)).toBeLessThan(2e-3);
    });
    expect(fit().weights).toEqual(weights);
    expect(backend.liveHandles).toBe(before);
  },
);

test.skipIf(python === undefined && !pythonIsRequired)('scikit-learn still says the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-probe-'));
  try {
    const file = join(folder, 'fresh.json');
    runReference('probe.py', file);
    const fresh = examplesIn(file);
    expect(fresh.map(({ labels }) => labels)).toEqual(examples.map(({ labels }) => labels));
    fresh.forEach(({ probabilities }, index) => {
      probabilities.flat().forEach((value, at) => {
        expect(value).toBeCloseTo(examples[index]?.probabilities.flat()[at] ?? Number.NaN, 5);
      });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
