import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { normalValues } from '../../../../src-main/engine/initialValues.ts';
import { unipelt } from '../../../../src-main/engine/methods/unipelt/attach.ts';
import { describeConfig } from '../../../../src-main/engine/models/description.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { ModelBatch, Pass } from '../../../../src-main/engine/models/model.ts';
import { outlineFromConfig } from '../../../../src-main/engine/models/outline.ts';
import { fromValues } from '../../../../src-main/engine/ops/index.ts';
import { largestGap } from '../../../parity/closeness.ts';
import { recordedFiles } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';

let backend: Backend;
let handles: number;
beforeAll(async () => {
  backend = await loadTestBackend();
  handles = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handles));

const optionsOf = (options: object) => checkOptions(unipelt.spec.options, { ...options }, '').values;

/** One text, in a row of `time` columns. */
function batchOf(ids: readonly number[], time: number): ModelBatch {
  const column = (values: readonly number[]) => {
    const padded = [...values, ...Array<number>(time - values.length).fill(0)];
    return fromValues(backend, Int32Array.from(padded), [1, time], 'int32');
  };
  return {
    inputIds: column(ids),
    attentionMask: column(ids.map(() => 1)),
    tokenTypeIds: column(ids.map(() => 0)),
    lengths: [ids.length],
  };
}

it('has the size of the adapters library’s union on BERT-base', () => {
  const outline = outlineFromConfig(
    describeConfig({ model_type: 'bert' }, 'config.json', 'folder'),
    'classification',
    3,
  );
  expect(unipelt.count(outline, optionsOf({})).added).toBe(11_083_376);
  expect(unipelt.check(outline, optionsOf({ rank: 800 })).map(({ code }) => code)).toEqual([
    'method.rankTooLarge',
  ]);
});

it.each(['bert', 'deberta-v2'])(
  '%s: gates a text the same whatever padding is behind it, and tells how far they are open',
  (folder) => {
    const files = recordedFiles(folder);
    const model = loadModel({ files, folder, backend, task: 'classification', seed: 0 });
    const options = optionsOf({ rank: 2, reductionFactor: 4, prefixLength: 3, hiddenSize: 6 });
    const attached = unipelt.attach(model, options, 1);
    for (const parameter of attached.added.values()) {
      const values = normalValues(7, parameter.name, parameter.size, 0.5);
      parameter.assign(scope(() => keep(fromValues(backend, values, parameter.shape, 'float32'))));
    }
    const logitsOf = (time: number, training: boolean) => {
      const pass: Pass = { training, random: { seed: 0, next: () => 0 } };
      let logits: number[] = [];
      scope(() => {
        const batch = batchOf([5, 9, 23, 41, 17], time);
        logits = Array.from(model.classify(model.encode(batch, pass), batch, pass).values());
      });
      return logits;
    };
    const alone = logitsOf(5, false);
    expect(largestGap(logitsOf(9, false), alone)).toBeLessThan(1e-5);
    expect(attached.course?.metrics?.()).toEqual({ gateLora: 0, gatePrefix: 0, gateAdapter: 0 });
    logitsOf(5, true);
    const open = Object.values(attached.course?.metrics?.() ?? {});
    expect(open).toHaveLength(3);
    for (const gate of open) {
      expect(gate).toBeGreaterThan(0);
      expect(gate).toBeLessThan(1);
    }
    attached.detach();
    model.dispose();
  },
);
