import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFamilies } from '../../../../src-main/contract/modelTypes.ts';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model, ModelBatch } from '../../../../src-main/engine/models/model.ts';
import { fromValues } from '../../../../src-main/engine/ops/index.ts';
import { largestGap } from '../../../parity/closeness.ts';
import { recordedFiles } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';

const pass = { training: false, random: { seed: 0, next: () => 0 } };
const long = [5, 9, 30, 41, 12, 7, 55, 23, 18, 6];
const short = [44, 8, 19, 27, 33, 50];
/** Padding in these rows. */
const none = -1;

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

function batchOf(rows: readonly (readonly number[])[]): ModelBatch {
  const shape = [rows.length, rows[0]?.length ?? 0];
  const integers = (values: readonly number[]) =>
    fromValues(backend, Int32Array.from(values), shape, 'int32');
  return {
    inputIds: integers(rows.flat().map((token) => Math.max(token, 0))),
    attentionMask: integers(rows.flat().map((token) => Number(token !== none))),
    lengths: rows.map((row) => row.filter((token) => token !== none).length),
  };
}

/** Hidden states of one row alone, the whole of it at once: `[time · hidden]`. */
function encodeAlone(model: Model, row: readonly number[]): number[] {
  let values: number[] = [];
  scope(() => {
    values = Array.from(model.encode(batchOf([row]), pass).values());
  });
  return values;
}

/** Hidden states of every real token, row by row, fed in pieces. */
function encodeInPieces(model: Model, pieces: readonly (readonly (readonly number[])[])[]): number[][] {
  const cache = model.makeCache();
  const collected = pieces[0]?.map((): number[] => []) ?? [];
  for (const rows of pieces) {
    scope(() => {
      const values = model.encodeCached(batchOf(rows), cache, pass).values();
      rows.flat().forEach((token, place) => {
        const row = Math.floor(place / (rows[0]?.length ?? 1));
        if (token === none) return;
        const begin = place * model.hiddenSize;
        collected[row]?.push(...values.subarray(begin, begin + model.hiddenSize));
      });
    });
  }
  expect(cache.length).toBe(Math.max(...collected.map((values) => values.length / model.hiddenSize)));
  cache.dispose();
  return collected;
}

const split = (row: readonly number[], ...ends: number[]) =>
  ends.map((end, index) => row.slice(index === 0 ? 0 : ends[index - 1], end));

describe.each(modelFamilies.decoder)('%s', (modelType) => {
  let model: Model;
  beforeAll(() => {
    const files = recordedFiles(modelType);
    model = loadModel({ files, folder: modelType, backend, task: 'causalLm', seed: 0 });
  });
  afterAll(() => model.dispose());

  it('tokens one by one give what all at once gives', () => {
    const pieces = split(long, 4, 5, 6, 9, 10).map((piece) => [piece]);
    const [found = []] = encodeInPieces(model, pieces);
    expect(largestGap(found, encodeAlone(model, long))).toBeLessThan(1e-5);
  });

  it.each(['left', 'right'])('rows padded on the %s do not see their padding', (side) => {
    const padding = long.slice(0, 6).map((_, index) => (index < 2 ? none : 0));
    const start = short.slice(0, 4);
    const gap = padding.filter((token) => token === none);
    const first = side === 'left' ? [...gap, ...start] : [...start, ...gap];
    const pieces = [
      [long.slice(0, 6), first],
      [long.slice(6, 7), short.slice(4, 5)],
      [long.slice(7, 8), short.slice(5, 6)],
    ];
    const [foundLong = [], foundShort = []] = encodeInPieces(model, pieces);
    expect(largestGap(foundLong, encodeAlone(model, long.slice(0, 8)))).toBeLessThan(1e-5);
    expect(largestGap(foundShort, encodeAlone(model, short))).toBeLessThan(1e-5);
  });

  it('refuses another number of rows', () => {
    const cache = model.makeCache();
    scope(() => void model.encodeCached(batchOf([short]), cache, pass));
    expect(() => scope(() => void model.encodeCached(batchOf([short, short]), cache, pass))).toThrow('rows');
    cache.dispose();
  });
});
