import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { withoutGradient } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { collate } from '../../../../src-main/engine/data/collate.ts';
import { type TextTokenizer, loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { generateTexts } from '../../../../src-main/engine/generate/decode.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import { type Model, evaluationPass } from '../../../../src-main/engine/models/model.ts';
import { argMax, reshape } from '../../../../src-main/engine/ops/index.ts';
import { createEngineFiles } from '../../../../src-main/platform/engineFiles.ts';
import { loadTestBackend } from '../testBackend.ts';
import { writeTinyModel } from '../train/tinyProject.ts';

let backend: Backend;
let folder: string;
let model: Model;
let tokenizer: TextTokenizer;
const files = createEngineFiles();
const greedy = {
  maximumNewTokens: 12,
  temperature: 0,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  stop: [],
  seed: 0,
};

beforeAll(async () => {
  backend = await loadTestBackend();
  folder = mkdtempSync(join(tmpdir(), 'tunebench-decode-'));
  const path = writeTinyModel(join(folder, 'model'), 'llama');
  model = loadModel({ files, folder: path, backend, task: 'causalLm', seed: 1 });
  tokenizer = loadTokenizer(files, path);
});
afterAll(() => {
  model.dispose();
  rmSync(folder, { recursive: true });
});

/** The likeliest next token, computed from the whole text at once. */
function nextWithoutCache(ids: readonly number[]): number {
  let next = -1;
  withoutGradient(() =>
    scope(() => {
      const batch = collate({ backend, padId: 0 }, [{ ids, typeIds: null, target: 0 }]);
      const hidden = model.encode(batch, evaluationPass);
      const rows = reshape(hidden, [ids.length, model.hiddenSize]);
      next = argMax(model.vocabularyLogits(rows, evaluationPass)).values().at(-1) ?? -1;
    }),
  );
  return next;
}

describe('generateText', () => {
  it('writes what reading the whole text again for each token would give, and frees all of it', () => {
    const handles = backend.liveHandles;
    const promptIds = tokenizer.encode('the garden').ids;
    const ids = [...promptIds];
    for (let count = 0; count < greedy.maximumNewTokens; count++) {
      const next = nextWithoutCache(ids);
      if (tokenizer.stopIds.includes(next)) break;
      ids.push(next);
    }
    const expected = tokenizer.decode(ids).slice(tokenizer.decode(promptIds).length);
    const setup = { model, backend, tokenizer, prompts: [promptIds], options: greedy };
    expect([...generateTexts(setup)].flat().join('')).toBe(expected);
    expect(expected.length).toBeGreaterThan(0);

    const broken = generateTexts(setup);
    broken.next();
    broken.return();
    expect(backend.liveHandles).toBe(handles);
  });

  it.each([
    ['greedy', {}],
    ['drawn', { temperature: 0.9, topK: 20, repetitionPenalty: 1.2 }],
  ])('writes for several prompts what it writes for each alone, %s', (_, change) => {
    const options = { ...greedy, ...change, maximumNewTokens: 80 };
    const prompts = ['the garden', 'please turn the kettle off', 'it'].map(
      (text) => tokenizer.encode(text).ids,
    );
    const write = (rows: readonly number[][]) => {
      const texts = rows.map(() => '');
      for (const pieces of generateTexts({ model, backend, tokenizer, prompts: rows, options })) {
        pieces.forEach((piece, row) => (texts[row] += piece));
      }
      return texts;
    };
    const together = write(prompts);
    expect(together[0]).toBe(write(prompts.slice(0, 1))[0]);
    if (options.temperature > 0) return;
    expect(together).toEqual(prompts.flatMap((prompt) => write([prompt])));
  });

  it('ends where the model can hold no more', () => {
    const promptIds = Array.from({ length: 120 }, () => 50);
    const options = { ...greedy, maximumNewTokens: 100 };
    const stopless = { ...tokenizer, stopIds: [] };
    const pieces = [...generateTexts({ model, backend, tokenizer: stopless, prompts: [promptIds], options })];
    expect(pieces).toHaveLength(8);
  });

  it('refuses an empty prompt and one that fills the model', () => {
    const write = (promptIds: number[]) => [
      ...generateTexts({ model, backend, tokenizer, prompts: [promptIds], options: greedy }),
    ];
    expect(() => write([])).toThrow(/prompt is empty/);
    expect(() => write(Array.from({ length: 128 }, () => 50))).toThrow(
      /128 tokens, but the model can hold 128/,
    );
  });
});
