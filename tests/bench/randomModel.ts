import { headOf } from '../../src-main/contract/methods.ts';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { namedStream } from '../../src-main/engine/data/random.ts';
import { writeSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import { normalValues } from '../../src-main/engine/initialValues.ts';
import { describeConfig } from '../../src-main/engine/models/description.ts';
import type { BenchModel } from './plan.ts';

type RandomModel = Extract<BenchModel, { kind: 'random' }>;

/** A prime, so that no row of a matrix repeats the one above. */
const poolSize = 1_048_583;
const shardBytes = 2_000_000_000;

/** The upper half of a float32 is its bfloat16, rounded towards zero. */
function toBytes(values: Float32Array, type: 'F32' | 'BF16'): Uint8Array {
  const bits = new Uint32Array(values.buffer);
  const stored = type === 'F32' ? bits : Uint16Array.from(bits, (word) => word >>> 16);
  return new Uint8Array(stored.buffer);
}

/** Repeats the pool from somewhere inside it until `length` bytes are full. */
function fillFrom(pool: Uint8Array, from: number, length: number): Uint8Array {
  const filled = new Uint8Array(length);
  for (let done = 0, place = from; done < length; place = 0) {
    const piece = pool.subarray(place, Math.min(pool.length, place + length - done));
    filled.set(piece, done);
    done += piece.length;
  }
  return filled;
}

interface Planned {
  readonly name: string;
  readonly type: 'F32' | 'BF16';
  readonly shape: readonly number[];
  readonly length: number;
  bytes(): Uint8Array;
}

/** Every weight of a model: matrices normally distributed, scales 1, biases 0. */
function planWeights({ config, type }: RandomModel, seed: number): Planned[] {
  const { blueprint } = describeConfig(config, 'config.json', 'the bench');
  const elementBytes = type === 'F32' ? 4 : 2;
  const pool = toBytes(normalValues(seed, 'bench weights', poolSize, blueprint.initializerRange), type);
  const one = toBytes(Float32Array.of(1), type);
  const task = config['model_type'] === 'bert' ? 'classification' : 'causalLm';
  const { weights } = blueprint.layout(headOf(task), 2);
  return [...weights]
    .filter(([, { whenMissing }]) => whenMissing === 'fail')
    .map(([name, { shape }]) => {
      const length = shape.reduce((product, size) => product * size, elementBytes);
      const from = elementBytes * namedStream(seed, name).integer(0, poolSize);
      const bytes = () => {
        if (shape.length > 1) return fillFrom(pool, from, length);
        return name.endsWith('.bias') ? new Uint8Array(length) : fillFrom(one, 0, length);
      };
      return { name, type, shape, length, bytes };
    });
}

function writeShard(path: string, tensors: readonly Planned[]): void {
  const file = openSync(path, 'w');
  try {
    writeSafetensors(
      {
        write(bytes) {
          for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
        },
      },
      tensors,
    );
  } finally {
    closeSync(file);
  }
}

/** In order, each shard as full as it goes. */
function cutShards(tensors: readonly Planned[]): Planned[][] {
  const shards: Planned[][] = [];
  let held = Infinity;
  for (const tensor of tensors) {
    if (held + tensor.length > shardBytes) {
      shards.push([]);
      held = 0;
    }
    shards.at(-1)?.push(tensor);
    held += tensor.length;
  }
  return shards;
}

function writeWeights(folder: string, tensors: readonly Planned[]): void {
  const shards = cutShards(tensors);
  if (shards.length === 1) return writeShard(join(folder, 'model.safetensors'), tensors);
  const map: Record<string, string> = {};
  shards.forEach((shard, index) => {
    const part = (value: number) => String(value).padStart(5, '0');
    const name = `model-${part(index + 1)}-of-${part(shards.length)}.safetensors`;
    for (const tensor of shard) map[tensor.name] = name;
    writeShard(join(folder, name), shard);
  });
  const size = tensors.reduce((sum, { length }) => sum + length, 0);
  const table = { metadata: { total_size: size }, weight_map: map };
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify(table));
}

/** GPT-2's alphabet for bytes (https://github.com/openai/gpt-2/blob/master/src/encoder.py). */
function byteCharacters(): string[] {
  const isPlain = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(isPlain(byte) ? byte : 256 + others++),
  );
}

/** A tokenizer with one token for each byte, and names for the rest of the vocabulary. */
function writeTokenizer(folder: string, vocabularySize: number): void {
  const characters = byteCharacters();
  const vocab = Object.fromEntries(
    Array.from({ length: vocabularySize }, (_, id) => [characters[id] ?? `unused${id}`, id]),
  );
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const definition = {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: { type: 'BPE', vocab, merges: [] },
  };
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(definition));
  writeFileSync(join(folder, 'tokenizer_config.json'), '{"tokenizer_class": "PreTrainedTokenizerFast"}');
}

/** Writes a model of random weights in Hugging Face layout, shard by shard; the same for the same seed. */
export function writeRandomModel(model: RandomModel, folder: string, seed: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(model.config, null, 2));
  writeTokenizer(folder, Number(model.config['vocab_size']));
  writeWeights(folder, planWeights(model, seed));
}
