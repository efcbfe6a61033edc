import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import type { DataRow } from '../../../../src-main/engine/data/examples.ts';
import { loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { pearson, spearman } from '../../../../src-main/engine/objectives/correlation.ts';
import { startEmbeddingScore } from '../../../../src-main/engine/objectives/embeddingScore.ts';
import { normalizeRows, poolTokens } from '../../../../src-main/engine/objectives/pooling.ts';
import { objectiveFor } from '../../../../src-main/engine/objectives/registry.ts';
import { rougeL } from '../../../../src-main/engine/objectives/rougeL.ts';
import { fromValues } from '../../../../src-main/engine/ops/index.ts';
import type { ModelBatch } from '../../../../src-main/engine/models/model.ts';
import { recordedFiles } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function open(task: 'seq2seq' | 'sentenceEmbedding' | 'preference', tokenizer: string, asked: object = {}) {
  const objective = objectiveFor(task);
  const { values } = checkOptions(objective.spec.options, { ...asked }, '');
  const folder = `tokenizers/${tokenizer}`;
  return objective.open({
    tokenizer: loadTokenizer(recordedFiles(folder), folder),
    labels: [],
    options: values,
    trainRows: [],
  });
}

const row = (content: Partial<DataRow>): DataRow => ({ split: 'train', text: '', ...content });

describe('ROUGE-L', () => {
  it.each([
    // The worked example of https://aclanthology.org/W04-1013, 3.2.
    ['police kill the gunman', 'police killed the gunman', 0.75],
    ['the gunman kill police', 'police killed the gunman', 0.5],
    ['The cat, sat!', 'the cat sat', 1],
    ['', 'the cat', 0],
    ['열쇠는 문 옆에', '열쇠는 책상 옆에', 2 / 3],
  ])('of %j against %j', (written, wanted, expected) => {
    expect(rougeL(written, wanted)).toBeCloseTo(expected, 12);
  });
});

describe('correlations', () => {
  it('are those of scipy', () => {
    const [a, b] = [
      [1, 2, 2, 3, 5],
      [2, 1, 4, 4, 3],
    ];
    // scipy.stats.pearsonr(a, b), spearmanr(a, b)
    expect(pearson(a, b)).toBeCloseTo(0.3287191293, 9);
    expect(spearman(a, b)).toBeCloseTo(0.3947368421, 9);
    expect(pearson([1, 1], [1, 2])).toBe(0);
  });
});

describe('pooling', () => {
  const values = Float32Array.from({ length: 12 }, (_, index) => index);
  const pool = (
    shape: number[],
    batch: Pick<ModelBatch, 'lengths' | 'packed'>,
    kind: 'mean' | 'first' | 'last',
  ) => {
    let found: number[] = [];
    scope(() => {
      const hidden = fromValues(backend, values, shape, 'float32');
      const ids = fromValues(backend, Int32Array.of(0), [1, 1], 'int32');
      found = Array.from(poolTokens(hidden, { inputIds: ids, attentionMask: ids, ...batch }, kind).values());
    });
    return found;
  };

  it('looks at each text’s own tokens, side by side or end to end', () => {
    const padded = { lengths: [3, 1] };
    expect(pool([2, 3, 2], padded, 'mean')).toEqual([2, 3, 6, 7]);
    expect(pool([2, 3, 2], padded, 'last')).toEqual([4, 5, 6, 7]);
    expect(pool([2, 3, 2], padded, 'first')).toEqual([0, 1, 6, 7]);
    const packed = { lengths: [4, 2], packed: true };
    expect(pool([1, 6, 2], packed, 'mean')).toEqual([3, 4, 9, 10]);
    expect(pool([1, 6, 2], packed, 'last')).toEqual([6, 7, 10, 11]);
  });

  it('gives vectors of length 1, and zeros for zeros', () => {
    scope(() => {
      const rows = normalizeRows(fromValues(backend, Float32Array.of(3, 4, 0, 0), [2, 2], 'float32'));
      const found = Array.from(rows.values());
      [0.6, 0.8, 0, 0].forEach((value, index) => expect(found[index]).toBeCloseTo(value, 6));
    });
  });
});

describe('embedding score', () => {
  it('ranks partners; those that read alike are not held against each other', () => {
    const score = startEmbeddingScore();
    const second = [1, 0, 1, 0, 0, 1];
    score.add(0.5, [1, 0, 1, 0, 0.8, 0.6], second, 3, null);
    // The third text is nearer to the partner of the others than to its own, which two rows have.
    expect(score.metrics()).toEqual({ loss: 0.5, recallAt1: 2 / 3, meanReciprocalRank: (1 + 1 + 1 / 3) / 3 });
  });
});

describe('rows', () => {
  it('become scored pairs where every label is a number, and plain pairs otherwise', () => {
    const scored = open('sentenceEmbedding', 'wordpiece', { scoreMaximum: 5 });
    const pair = { text: 'the gate', textPair: 'the keys' };
    const targets = (rows: DataRow[]) => scored.prepareRows(rows).examples.map(({ target }) => target);
    expect(targets([row({ ...pair, label: '5' }), row({ ...pair, label: '2,5' })])).toEqual([1, 0.5]);
    expect(targets([row({ ...pair, label: '5' }), row({ ...pair, label: 'same' })])).toEqual([[], []]);
    expect(scored.prepareRows([row({ text: 'alone' })])).toMatchObject({ examples: [], skipped: 1 });
  });

  it('of answers end with the end token, and are cut where they are too long', () => {
    const objective = open('seq2seq', 't5', { maximumAnswerLength: 4 });
    const { examples, cut } = objective.prepareRows([
      row({ prompt: 'the gate', completion: 'oil' }),
      row({ prompt: 'the gate', completion: 'oil ga rd ke oil' }),
      row({ prompt: 'the gate', completion: ' ' }),
    ]);
    expect(examples.map(({ target }) => (Array.isArray(target) ? target.at(-1) : target))).toEqual([1, 1]);
    expect(cut).toBe(1);
    expect(objective.countTargets(examples)).toBe(
      examples.reduce((sum, { target }) => sum + (Array.isArray(target) ? target.length : 0), 0),
    );
  });

  it('of preferences need two different answers', () => {
    const objective = open('preference', 'bytelevel');
    const { examples, skipped } = objective.prepareRows([
      row({ prompt: 'where', chosen: 'the gate', rejected: 'the keys' }),
      row({ prompt: 'where', chosen: 'the gate', rejected: 'the gate' }),
      row({ prompt: 'where', chosen: 'the gate', rejected: '' }),
    ]);
    expect([examples.length, skipped]).toEqual([1, 2]);
    expect(examples[0]?.partner?.ids).not.toEqual(examples[0]?.ids);
  });
});
