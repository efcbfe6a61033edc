import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadTokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { lora } from '../../src-main/engine/methods/lora/attach.ts';
import { loraSpec } from '../../src-main/engine/methods/lora/spec.ts';
import { full } from '../../src-main/engine/methods/full/attach.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { createPortableBackend } from '../../src-main/engine/backend/portable.ts';
import { checkOptions } from '../../src-main/contract/options.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { rowsOf } from './data.ts';
import { countOperations } from './flops.ts';
import { writeRandomModel } from './randomModel.ts';

const files = createEngineFiles();
const config = {
  model_type: 'gpt2',
  vocab_size: 300,
  n_embd: 8,
  n_layer: 2,
  n_head: 2,
  n_positions: 32,
};
const folder = mkdtempSync(join(tmpdir(), 'tunebench-bench-'));
let backend: Backend;

beforeAll(async () => {
  backend = await createPortableBackend('cpu');
  writeRandomModel({ kind: 'random', config, type: 'F32' }, join(folder, 'one'), 1);
  writeRandomModel({ kind: 'random', config, type: 'F32' }, join(folder, 'again'), 1);
  writeRandomModel({ kind: 'random', config, type: 'BF16' }, join(folder, 'halves'), 1);
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(name: string) {
  return loadModel({ files, folder: join(folder, name), backend, task: 'causalLm', seed: 0 });
}

describe('random models', () => {
  it('are the same for the same seed', () => {
    const weights = (name: string) => readFileSync(join(folder, name, 'model.safetensors'));
    expect(weights('one').equals(weights('again'))).toBe(true);
  });

  it('load, with matrices as wide as the configuration says, scales 1 and biases 0', () => {
    for (const name of ['one', 'halves']) {
      const model = load(name);
      const values = (parameter: string) => Array.from(model.parameters.get(parameter)?.value.values() ?? []);
      const matrix = values('transformer.wte.weight');
      const deviation = Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0) / matrix.length);
      expect(deviation).toBeGreaterThan(0.018);
      expect(deviation).toBeLessThan(0.022);
      expect(new Set(values('transformer.ln_f.weight'))).toEqual(new Set([1]));
      expect(new Set(values('transformer.ln_f.bias'))).toEqual(new Set([0]));
      model.dispose();
    }
  });

  it('come with a tokenizer that makes one token of each letter', () => {
    const tokenizer = loadTokenizer(files, join(folder, 'one'));
    const { ids } = tokenizer.encode('two words');
    expect(ids).toHaveLength(9);
    expect(tokenizer.decode(ids)).toBe('two words');
    expect(tokenizer.decode([299])).toBe('unused299');
  });
});

describe('made-up rows', () => {
  it('have the wanted labels, lengths and number, the same each time', () => {
    const texts = rowsOf({ kind: 'texts', rows: 5, tokens: 64 }, 3);
    expect(texts.map(({ text }) => text.length)).toEqual([64, 64, 64, 64, 64]);
    expect(new Set(texts.map(({ text }) => text)).size).toBe(5);
    expect(rowsOf({ kind: 'texts', rows: 5, tokens: 64 }, 3)).toEqual(texts);
    const requests = rowsOf({ kind: 'requests', rows: 20, labels: 7 }, 3);
    expect(new Set(requests.map(({ label }) => label)).size).toBe(7);
  });
});

describe('counted operations', () => {
  const example = { ids: [1, 2, 3], typeIds: null, target: [-100, 2, 3] };
  /** Per token of one block: c_attn, c_proj, c_fc and the second c_proj. */
  const joined = 2 * 8 * 24;
  const others = 2 * 8 * 8 + 2 * (2 * 8 * 32);
  /** Three tokens that see 1, 2 and 3: scores and values, in both blocks, forward and twice backward. */
  const attention = 4 * 6 * 8 * 6;
  const head = 4 * 2 * 8 * 300;

  it('are three products a weight where everything is trained', () => {
    const model = load('one');
    const attached = full.attach(model, { layerDecay: 1 }, 0);
    const count = countOperations(model, attached, 1)(example);
    expect(count).toBe(3 * (2 * 3 * (joined + others)) + attention + head);
    attached.detach();
    model.dispose();
  });

  it('are two products a frozen weight that gradients cross, and one where none goes', () => {
    const model = load('one');
    const options = checkOptions(loraSpec.options, { rank: 2, targets: ['c_attn'] }, 'options').values;
    const attached = lora.attach(model, options, 0);
    const added = 6 * 2 * 2 * (8 + 24);
    const crossed = 2 * (joined + others) + joined + 2 * others;
    expect(countOperations(model, attached, 1)(example)).toBe(3 * (crossed + added) + attention + head);
    attached.detach();
    model.dispose();
  });
});
