import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { modelTypeSchema } from '../../src-main/contract/modelTypes.ts';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { architectures } from '../../src-main/engine/models/registry.ts';
import { reshape } from '../../src-main/engine/ops/index.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { expectLogits } from './closeness.ts';
import { batchOf, readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

const fieldsSchema = z.record(z.string(), z.unknown());
const variants = z
  .record(z.string(), z.tuple([modelTypeSchema, fieldsSchema]))
  .parse(JSON.parse(readFileSync(join(recordedFolder, 'variants.json'), 'utf8')));
const logits = readRecording(join(recordedFolder, 'variants.safetensors'));
const pass = { training: false, random: { seed: 0, next: () => 0 } };

let backend: Backend;
beforeAll(async () => {
  backend = await loadTestBackend();
});

/** Fields where null is a value; elsewhere it takes the field away. */
const nullable = ['sliding_window', 'attn_logit_softcapping', 'final_logit_softcapping'];

/** The recorded config.json with the variant's fields. */
function changedConfig(text: string, changes: Readonly<Record<string, unknown>>): string {
  const fields = { ...fieldsSchema.parse(JSON.parse(text)), ...changes };
  const kept = Object.entries(fields).filter(([name, value]) => value !== null || nullable.includes(name));
  return JSON.stringify(Object.fromEntries(kept));
}

it.each(Object.entries(variants))('%s', (name, [modelType, changes]) => {
  const task = architectures[modelType].classNames.nextToken ? 'causalLm' : 'classification';
  const files = recordedFiles(modelType);
  const path = `${modelType}/config.json`;
  files.put(path, changedConfig(files.readText(path), changes));
  // A variant with other parts brings its own weights.
  const weights = join(recordedFolder, 'variants', `${name}.safetensors`);
  if (existsSync(weights)) files.put(`${modelType}/model.safetensors`, new Uint8Array(readFileSync(weights)));
  const model = loadModel({ files, folder: modelType, backend, task, seed: 0 });
  scope(() => {
    const batch = batchOf(
      backend,
      readRecording(join(recordedFolder, modelType, `${task}.full.safetensors`)),
    );
    const hidden = model.encode(batch, pass);
    const [rows = 0, time = 0, width = 0] = hidden.shape;
    const expected = recorded(logits, name).values;
    if (task === 'classification') {
      expectLogits(model.classify(hidden, batch, pass).values(), expected, name);
      return;
    }
    const found = model.vocabularyLogits(reshape(hidden, [rows * time, width]), pass).values();
    const rowSize = found.length / rows;
    batch.lengths.forEach((length, row) => {
      const begin = row * rowSize;
      const end = begin + (length * rowSize) / time;
      expectLogits(found.subarray(begin, end), expected.subarray(begin, end), `${name}, row ${row}`);
    });
  });
  model.dispose();
});

it('records differ between variants, so that a setting that is not read shows', () => {
  const bySettings = [
    'llama-yarn',
    'llama-yarn-weighted',
    'llama-theta',
    'llama-linear-old',
    'llama-dynamic',
    'llama-llama3-old',
    'llama-gelu',
  ];
  const contents = bySettings.map((name) => recorded(logits, name).values.join());
  expect(new Set(contents).size).toBe(bySettings.length);
  const long = ['phi3-longrope-short', 'phi3-longrope-long'].map((name) =>
    recorded(logits, name).values.join(),
  );
  expect(long[0]).not.toBe(long[1]);
});
