import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { withoutGradient } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import type { DataRow, Example } from '../../../../src-main/engine/data/examples.ts';
import { type TextTokenizer, loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import { type Model, evaluationPass } from '../../../../src-main/engine/models/model.ts';
import { causalLm } from '../../../../src-main/engine/objectives/causalLm.ts';
import { classification } from '../../../../src-main/engine/objectives/classification.ts';
import type { OpenObjective } from '../../../../src-main/engine/objectives/objective.ts';
import { createEngineFiles } from '../../../../src-main/platform/engineFiles.ts';
import { loadTestBackend } from '../testBackend.ts';
import { writeTinyModel } from '../train/tinyProject.ts';

let backend: Backend;
let folder: string;
const files = createEngineFiles();

beforeAll(async () => {
  backend = await loadTestBackend();
  folder = mkdtempSync(join(tmpdir(), 'tunebench-objectives-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(kind: 'bert' | 'llama', task: 'classification' | 'causalLm') {
  const path = writeTinyModel(join(folder, `${kind}-${task}`), kind);
  const labels = task === 'classification' ? ['a', 'b'] : undefined;
  const model = loadModel({ files, folder: path, backend, task, labels, seed: 1 });
  return { model, tokenizer: loadTokenizer(files, path) };
}

function lossOf(
  objective: OpenObjective,
  model: Model,
  tokenizer: TextTokenizer,
  examples: readonly Example[],
) {
  let loss = NaN;
  withoutGradient(() =>
    scope(() => {
      const place = { backend, padId: tokenizer.padId };
      loss = objective.measure(model, examples, place, evaluationPass).loss.scalar();
      const score = objective.startScore();
      score.take(model, examples, place);
      expect(score.finish().metrics['loss']).toBeCloseTo(loss, 6);
    }),
  );
  return { loss, counted: objective.countTargets(examples) };
}

/** The batch's loss is the mean over everything that counts, so padding must not change it. */
function expectSameAlone(
  objective: OpenObjective,
  model: Model,
  tokenizer: TextTokenizer,
  examples: readonly Example[],
) {
  const together = lossOf(objective, model, tokenizer, examples);
  const alone = examples.map((example) => lossOf(objective, model, tokenizer, [example]));
  const total = alone.reduce((sum, { counted }) => sum + counted, 0);
  const mean = alone.reduce((sum, { loss, counted }) => sum + loss * counted, 0) / total;
  expect(total).toBe(together.counted);
  expect(together.loss).toBeCloseTo(mean, 5);
}

describe('classification', () => {
  it('skips empty rows and unknown labels, counts cut ones, and ignores padding', () => {
    const { model, tokenizer } = open('bert', 'classification');
    const rows: DataRow[] = [
      { split: 'train', text: 'the gate', label: 'a' },
      { split: 'train', text: 'where did I put the garden keys yesterday', textPair: 'the gate', label: 'b' },
      { split: 'train', text: '  ', label: 'a' },
      { split: 'train', text: 'the kettle', label: 'other' },
    ];
    const objective = classification.open({
      tokenizer,
      labels: ['a', 'b'],
      options: { maximumLength: 8, classWeights: 'none' },
      trainRows: rows,
    });
    const prepared = objective.prepareRows(rows);
    expect(prepared).toMatchObject({ cut: 1, skipped: 2 });
    expect(prepared.examples.map((example) => example.target)).toEqual([0, 1]);
    expect(prepared.examples[0]?.typeIds).toBeNull();
    expect(prepared.examples[1]?.typeIds).toContain(1);
    expectSameAlone(objective, model, tokenizer, prepared.examples);
    model.dispose();
  });
});

describe('class weights', () => {
  it('make the loss the weighted mean over the batch, and over batches of an update', () => {
    const { model, tokenizer } = open('bert', 'classification');
    const rows: DataRow[] = ['a', 'a', 'a', 'b'].map((label, index) => ({
      split: 'train',
      text: `the gate ${'please '.repeat(index)}`,
      label,
    }));
    const setting = { tokenizer, labels: ['a', 'b'], trainRows: rows };
    const maximumLength = 16;
    const weighted = classification.open({
      ...setting,
      options: { maximumLength, classWeights: 'balanced' },
    });
    const plain = classification.open({ ...setting, options: { maximumLength, classWeights: 'none' } });
    const { examples } = weighted.prepareRows(rows);
    expect(examples.map(({ weight }) => weight)).toEqual([2 / 3, 2 / 3, 2 / 3, 2]);
    expect(weighted.countTargets(examples)).toBe(4);
    expectSameAlone(weighted, model, tokenizer, examples);
    const unweighted = plain.prepareRows(rows).examples;
    expect(lossOf(weighted, model, tokenizer, examples).loss).not.toBeCloseTo(
      lossOf(plain, model, tokenizer, unweighted).loss,
      4,
    );
    model.dispose();
  });
});

describe('causalLm', () => {
  it('predicts only answer tokens, each from the one before it', () => {
    const { model, tokenizer } = open('llama', 'causalLm');
    const rows: DataRow[] = [
      { split: 'train', text: '', prompt: '열쇠 어디?', completion: 'In the garden.' },
      { split: 'train', text: 'The gate needs oil' },
      { split: 'train', text: '', prompt: 'nothing', completion: ' ' },
    ];
    const options = { maximumLength: 100, promptFormat: 'automatic' } as const;
    const objective = causalLm.open({ tokenizer, labels: [], options, trainRows: rows });
    const { examples, skipped } = objective.prepareRows(rows);
    expect(skipped).toBe(1);
    const answer = tokenizer.encode('In the garden.', { specialTokens: false }).ids.length;
    const text = tokenizer.encode('The gate needs oil').ids.length;
    // An end token each; the first token of the plain text is predicted from nothing.
    expect(objective.countTargets(examples)).toBe(answer + 1 + text);
    expectSameAlone(objective, model, tokenizer, examples);
    model.dispose();
  });
});
