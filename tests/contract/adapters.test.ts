import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { labelsOf } from '../support/predictions.ts';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();
let first: string;
let second: string;
let modelId: string;

beforeAll(async () => {
  const config = await classificationConfig(host.client, folder.path);
  modelId = config.modelId;
  const train = async (seed: number) => {
    const run = await host.client.runs.start({ ...config, training: { ...config.training, seed } });
    await eventsUntil(host.client, run.id, 'finished');
    return run.id;
  };
  first = await train(1);
  second = await train(2);
});

const rows = [{ text: 'turn on the lamp' }];

async function scores(target: Parameters<typeof host.client.playground.predict>[0]['target']) {
  const [prediction] = await host.client.playground.predict({ target, rows });
  return Object.fromEntries(labelsOf(prediction).map(({ label, probability }) => [label, probability]));
}

test('runs offer their adapters, and a person chooses which of them are at work', async () => {
  const known = await host.client.adapters.list();
  expect(known.map(({ id, origin, type, canCombine }) => ({ id, origin, type, canCombine }))).toEqual(
    [second, first].map((id) => ({ id, origin: 'run', type: 'LORA', canCombine: true })),
  );
  const own = await scores({ runId: first });
  expect(await scores({ runId: first, adapters: [{ id: first }] })).toEqual(own);
  expect(await scores({ modelId, adapters: [{ id: first }] })).toEqual(own);
  expect(await scores({ runId: first, adapters: [{ id: second }] })).toEqual(await scores({ runId: second }));
  // The same stack, whoever is asked: the one on top decides.
  const both = await scores({ runId: first, adapters: [{ id: second, weight: 0.5 }, { id: first }] });
  expect(await scores({ runId: second, adapters: [{ id: second, weight: 0.5 }, { id: first }] })).toEqual(
    both,
  );
  expect(both).not.toEqual(own);
  expect(await codesOfCall(scores({ runId: first, adapters: [{ id: 'nobody' }] }))).toEqual([
    'adapters.notFound',
  ]);
});

test('adapters are combined into one that does the same, and deleted', async () => {
  const adapters = [{ id: second, weight: 0.5 }, { id: first }];
  const combined = await host.client.adapters.combine({ adapters, name: 'both' });
  expect(combined).toMatchObject({ name: 'both', origin: 'combined', type: 'LORA', modelId });
  expect(combined.parts.map(({ id, weight }) => ({ id, weight }))).toEqual([
    { id: second, weight: 0.5 },
    { id: first, weight: 1 },
  ]);
  const stacked = await scores({ runId: first, adapters });
  const alone = await scores({ modelId, adapters: [{ id: combined.id }] });
  for (const [label, probability] of Object.entries(stacked)) {
    expect(alone[label]).toBeCloseTo(probability, 5);
  }
  await host.client.adapters.remove({ id: combined.id });
  expect(await host.client.adapters.list()).toHaveLength(2);
  expect(await codesOfCall(host.client.adapters.remove({ id: first }))).toEqual(['adapters.ofRun']);
  expect(
    await codesOfCall(host.client.adapters.combine({ adapters: [{ id: first }], name: 'alone' })),
  ).toEqual(['adapters.needSeveral']);
});

test('an adapter of another program is imported and used', async () => {
  const target = path.join(folder.path, 'exported');
  await host.client.exports.create({ runId: first, form: 'adapter', folder: target });
  const imported = await host.client.adapters.import({ path: target, modelId, task: 'classification' });
  expect(imported).toMatchObject({ name: 'exported', origin: 'imported', task: 'classification' });
  expect(await scores({ modelId, adapters: [{ id: imported.id }] })).toEqual(await scores({ runId: first }));
  const empty = host.client.adapters.import({ path: folder.path, modelId, task: 'classification' });
  expect(await codesOfCall(empty)).toEqual(['adapters.noFolder']);
});

test('a run trains on top of an adapter that stays as it is', async () => {
  const config = await classificationConfig(host.client, folder.path);
  const adapters = [{ id: second, weight: 1 }];
  const pfeiffer = { id: 'pfeiffer', options: { reductionFactor: 8 } };
  const run = await host.client.runs.start({ ...config, method: pfeiffer, adapters });
  await eventsUntil(host.client, run.id, 'finished');
  expect((await host.client.runs.get({ id: run.id })).status).toBe('completed');
  const stacked = await scores({ runId: run.id });
  expect(await scores({ runId: run.id, adapters: [...adapters, { id: run.id }] })).toEqual(stacked);
  expect(await scores({ runId: run.id, adapters: [{ id: run.id }] })).not.toEqual(stacked);

  const whole = { ...config, method: { id: 'full', options: {} }, adapters };
  const { problems } = await host.client.runs.forecast(whole);
  expect(problems.map(({ code }) => code)).toEqual(['run.adaptersUnderModel']);
  const merged = { runId: run.id, form: 'merged', folder: path.join(folder.path, 'merged') } as const;
  expect(await codesOfCall(host.client.exports.create(merged))).toEqual(['adapters.notMergedAlone']);
});
