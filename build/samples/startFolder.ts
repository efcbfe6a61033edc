import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Task, headOf } from '../../src-main/contract/methods.ts';
import { writeSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import { normalValues } from '../../src-main/engine/initialValues.ts';
import { ConfigReader } from '../../src-main/engine/models/configReader.ts';
import { findArchitecture } from '../../src-main/engine/models/registry.ts';

const norm = /(layernorm|LayerNorm|norm)\.weight$/;

/** Starting values as transformers starts a new model: small normal weights, unit norms, zero biases. */
function startValues(name: string, shape: readonly number[], deviation: number): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (norm.test(name)) return new Float32Array(size).fill(1);
  if (shape.length < 2) return new Float32Array(size);
  return normalValues(0, name, size, deviation);
}

/** Half-precision bytes of float32 values. */
function halfBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(new Float16Array(values).buffer);
}

/** Writes a model folder in Hugging Face layout with weights in half precision. */
export function writeFolder(
  folder: string,
  files: Readonly<Record<string, object>>,
  weights: Iterable<readonly [string, readonly number[], Float32Array]>,
): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of Object.entries(files)) {
    writeFileSync(
      join(folder, name),
      `${JSON.stringify(contents, null, name === 'tokenizer.json' ? undefined : 2)}\n`,
    );
  }
  const parts: Uint8Array[] = [];
  writeSafetensors(
    { write: (bytes) => void parts.push(Uint8Array.from(bytes)) },
    [...weights].map(([name, shape, values]) => ({
      name,
      type: 'F16' as const,
      shape,
      bytes: () => halfBytes(values),
    })),
  );
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat(parts));
}

/** Every weight of an untrained model, by name. */
export function* startWeights(
  config: Readonly<Record<string, unknown>>,
  task: Task,
): Generator<readonly [string, readonly number[], Float32Array]> {
  const blueprint = findArchitecture(config['model_type'])?.read(new ConfigReader(config, 'config.json'));
  if (blueprint === undefined) throw new Error(`No architecture "${String(config['model_type'])}".`);
  const layout = blueprint.layout(headOf(task), 2);
  for (const [name, { shape }] of layout.weights) {
    if (layout.headModules.some((module) => name.startsWith(`${module}.`))) continue;
    yield [name, shape, startValues(name, shape, blueprint.initializerRange)];
  }
}
