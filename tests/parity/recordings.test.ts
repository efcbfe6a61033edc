import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { largestGap } from './closeness.ts';
import { adaptersPython, python, pythonIsRequired, runReference } from './python.ts';
import { cases, modelTypes, readRecording, recorded, recordedFolder } from './recordings.ts';

/** Learning rate of record.py, which bounds how far a weight whose gradient is rounding noise can move in a step. */
const learningRate = 1e-3;

function toleranceOf(name: string, values: Float32Array): number {
  const step = /^step(\d+)\./.exec(name)?.[1];
  if (step !== undefined) return 2 * learningRate * Number(step);
  return 1e-5 * values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0.01);
}

it.runIf(python !== undefined || pythonIsRequired)(
  'transformers and PEFT still compute what is recorded',
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunebench-record-'));
    try {
      runReference('record.py', folder);
      runReference('peft_methods.py', folder);
      runReference('seq2seq.py', folder);
      runReference('pairs.py', folder);
      runReference('combined_adapters.py', folder);
      runReference('noah.py', folder);
      runReference('intrinsic_dimension.py', folder);
      const hasHub = adaptersPython !== undefined || pythonIsRequired;
      if (hasHub) {
        runReference('adapter_hub/record.py', folder);
        runReference('adapter_hub/madx.py', folder);
      }
      const adapters = readdirSync(join(folder, 'methods')).map((name) => join('methods', name));
      const more = ['combined', 'noah', ...(hasHub ? ['madx'] : [])].flatMap((part) => [
        part,
        ...readdirSync(join(folder, part), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(part, entry.name)),
      ]);
      const parts = ['.', 'variants', 'adalora', 'pairs', ...modelTypes, ...adapters, ...more];
      const paths = parts.flatMap((part) =>
        readdirSync(join(folder, part))
          .filter((name) => name.endsWith('.safetensors'))
          .map((name) => join(part, name)),
      );
      const written = (name: string) =>
        [folder, recordedFolder].map((at) => readFileSync(join(at, name), 'utf8'));
      for (const name of ['intrinsicDimension.json', join('noah', 'search.json')]) {
        const [now, before] = written(name);
        expect(now, name).toEqual(before);
      }
      // The checkpoint of every architecture, two recordings for each of its tasks, two files for every other
      // adapter, and some variants.
      const least = modelTypes.length + 2 * cases.length + 2 * adapters.length + 1;
      expect(paths.length).toBeGreaterThan(least);
      for (const path of paths) {
        const now = readRecording(join(folder, path));
        const before = readRecording(join(recordedFolder, path));
        expect([...now.keys()], path).toEqual([...before.keys()]);
        for (const [name, { values }] of now) {
          const gap = largestGap(values, recorded(before, name).values);
          expect(gap, `${path}: ${name}`).toBeLessThanOrEqual(toleranceOf(name, values));
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
