import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TunebenchError } from '../../../../src-main/contract/errors/index.ts';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import type { RunConfig } from '../../../../src-main/contract/runs.ts';
import type { TrainJob } from '../../../../src-main/contract/worker.ts';
import type { HostValues } from '../../../../src-main/engine/backend/backend.ts';
import type { Example } from '../../../../src-main/engine/data/examples.ts';
import { findMethod } from '../../../../src-main/engine/methods/registry.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model } from '../../../../src-main/engine/models/model.ts';
import {
  FrozenPrefix,
  type FrozenPrefixSetup,
  countFrozenBlocks,
} from '../../../../src-main/engine/train/frozenPrefix.ts';
import { createMemoryStore } from '../../../../src-main/engine/train/rowStore.ts';
import { backend, files, folder, type OnEvent, setUpSessions, stopAfter, train } from './sessions.ts';
import { makeTinyJob, writeTinyModel } from './tinyProject.ts';

setUpSessions();

function attach(model: Model, id: string, options: object) {
  const method = findMethod(id);
  if (!method) throw new Error(id);
  return method.attach(model, checkOptions(method.spec.options, { ...options }, '').values, 0);
}

function load(kind: 'bert' | 'llama'): Model {
  const path = writeTinyModel(join(folder, kind), kind);
  const task = kind === 'bert' ? 'classification' : 'causalLm';
  return loadModel({ files, folder: path, backend, task, labels: ['a', 'b'], seed: 1 });
}

const place = {
  get backend() {
    return backend;
  },
  padId: 0,
};

const examples: readonly Example[] = [
  [5, 9, 7],
  [8, 6],
  [12, 30, 4, 9, 11],
  [3, 4],
].map((ids, index) => ({
  ids,
  typeIds: null,
  target: index % 2,
}));

describe('countFrozenBlocks', () => {
  it.each([
    ['bert', 'full', {}, 0],
    ['bert', 'head', {}, 2],
    ['bert', 'freezing', { lastLayers: 1 }, 1],
    ['bert', 'freezing', { lastLayers: 0, embeddings: true }, 0],
    ['bert', 'lora', {}, 0],
    ['bert', 'lora', { layers: [1] }, 1],
    ['llama', 'freezing', { lastLayers: 0 }, 2],
    ['llama', 'lora', { layers: [1] }, 1],
  ] as const)('%s, %s %o: %i', (kind, id, options, expected) => {
    const model = load(kind);
    const attached = attach(model, id, options);
    const [example] = examples;
    if (!example) throw new Error('No example.');
    expect(countFrozenBlocks(model, place, example)).toBe(expected);
    attached.detach();
    model.dispose();
  });
});

describe('FrozenPrefix', () => {
  function open(id: string, options: object, budgetBytes = 1e6, store = createMemoryStore()) {
    const model = load('bert');
    const attached = attach(model, id, options);
    let rows = 0;
    const counting: Model = {
      ...model,
      encodePrefix(batch, blocks, pass) {
        if (blocks > 0 && !batch.prefix) rows += batch.lengths.length;
        return model.encodePrefix(batch, blocks, pass);
      },
    };
    const batches = [examples.slice(0, 2), examples.slice(2)];
    const setup: FrozenPrefixSetup = {
      model: counting,
      place,
      batches,
      store,
      maximumTokens: 1024,
      budgetBytes,
    };
    const prefix = new FrozenPrefix(setup);
    const close = () => {
      prefix.dispose();
      attached.detach();
      model.dispose();
    };
    return { model, prefix, close, countRows: () => rows };
  }

  it('computes each example once, in its batch, and keeps one token for a head alone', () => {
    const whole = open('freezing', { lastLayers: 1 });
    expect(whole.prefix.prefixOf(examples.slice(0, 1))?.rows.map(({ length }) => length)).toEqual([3 * 32]);
    expect(whole.countRows()).toBe(2);
    const first = whole.prefix.prefixOf(examples);
    const again = whole.prefix.prefixOf(examples);
    expect(whole.countRows()).toBe(4);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ blocks: 1, width: 32 });
    whole.close();

    const head = open('head', {});
    expect(head.prefix.prefixOf(examples)?.rows.map(({ length }) => length)).toEqual([32, 32, 32, 32]);
    head.close();
  });

  it('keeps what there is room for and computes the rest again', () => {
    const { prefix, close, countRows } = open('freezing', { lastLayers: 1 }, 5 * 32 * 4);
    const first = prefix.prefixOf(examples);
    expect(countRows()).toBe(4);
    expect(prefix.prefixOf(examples)).toEqual(first);
    expect(countRows()).toBe(6);
    close();
  });

  it('on a full disk computes what finds no place again, to the same values', () => {
    const whole = open('freezing', { lastLayers: 1 });
    const expected = whole.prefix.prefixOf(examples);
    whole.close();
    const memory = createMemoryStore();
    let puts = 0;
    const put = (key: number, values: HostValues) => {
      puts++;
      if (puts > 1) throw new TunebenchError('platform.diskFull', { path: 'frozen-layers.tmp' });
      memory.put(key, values);
    };
    const full = open('freezing', { lastLayers: 1 }, 1e6, { ...memory, put });
    expect(full.prefix.prefixOf(examples)).toEqual(expected);
    expect(full.prefix.prefixOf(examples)).toEqual(expected);
    // After a failed write nothing more is written: a file's place would be wrong from there on.
    expect(puts).toBe(2);
    full.close();
  });

  it('begins again when other weights are trained', () => {
    const { model, prefix, close } = open('head', {});
    expect(prefix.prefixOf(examples)?.blocks).toBe(2);
    const released = model.parameters.get('bert.encoder.layer.1.output.dense.weight');
    if (!released) throw new Error('No such weight.');
    released.trainable = true;
    const rows = prefix.prefixOf(examples);
    expect(rows?.blocks).toBe(1);
    expect(rows?.rows.map(({ length }) => length)).toEqual(examples.map(({ ids }) => ids.length * 32));
    released.trainable = false;
    close();
  });
});

describe('a run with frozen layers', () => {
  type Change = Pick<RunConfig, 'training' | 'method'>;

  async function outcomeOf(job: TrainJob, on?: OnEvent) {
    const { events } = await train(job, on);
    const result = join(job.runFolder, 'result');
    const names = readdirSync(result).filter((name) => name.endsWith('.safetensors'));
    return {
      losses: events.flatMap((event) =>
        event.event === 'stepped' || event.event === 'evaluated' ? [event.metrics['loss'] ?? NaN] : [],
      ),
      bytes: names.map((name) => readFileSync(join(result, name)).toString('base64')),
    };
  }

  function makeJob(name: string, change: Change, task: 'classification' | 'causalLm', dropout = 0): TrainJob {
    const training = { learningRate: 5e-3, epochs: 2, batchSize: 4, seed: 3, checkpointEverySteps: 0 };
    const job = makeTinyJob(join(folder, name), {
      task,
      method: change.method,
      training: { ...training, ...change.training },
    });
    const path = join(job.modelFolder, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    config['hidden_dropout_prob'] = dropout;
    config['attention_probs_dropout_prob'] = dropout;
    writeFileSync(path, JSON.stringify(config));
    return job;
  }

  const frozenCases: [string, RunConfig['method']['options'], 'classification' | 'causalLm'][] = [
    ['head', {}, 'classification'],
    ['freezing', { lastLayers: 1 }, 'classification'],
    ['freezing', { lastLayers: 1 }, 'causalLm'],
    ['freezing', { lastLayers: 0 }, 'causalLm'],
    ['lora', { rank: 2, layers: [1] }, 'classification'],
  ];
  it.each(frozenCases)(
    '%s %o, %s: the losses of a run that computes everything',
    async (id, options, task) => {
      const run = (name: string, training: RunConfig['training']) =>
        outcomeOf(makeJob(name, { method: { id, options }, training }, task));
      const again = await run('again', { frozenLayers: 'again' });
      const memory = await run('memory', { frozenLayers: 'memory' });
      const file = await run('file', { frozenLayers: 'file' });
      const little = await run('little', { frozenLayers: 'memory', frozenLayersMegabytes: 0 });
      expect(memory.losses).toHaveLength(again.losses.length);
      again.losses.forEach((loss, index) => {
        expect(memory.losses[index]).toBeCloseTo(loss, 4);
        expect(little.losses[index]).toBeCloseTo(loss, 4);
      });
      expect(file).toEqual(memory);
      expect(existsSync(join(folder, 'file', 'run', 'frozen-layers.tmp'))).toBe(false);
    },
  );

  it('goes on after a stop to the bytes of an unbroken run, with dropout in what is trained', async () => {
    const change = { method: { id: 'freezing', options: { lastLayers: 1 } }, training: {} };
    const unbroken = await outcomeOf(makeJob('unbroken', change, 'classification', 0.1));
    const job = makeJob('broken', change, 'classification', 0.1);
    await train(job, stopAfter(12));
    expect((await outcomeOf({ ...job, resume: true })).bytes).toEqual(unbroken.bytes);
  });
});
