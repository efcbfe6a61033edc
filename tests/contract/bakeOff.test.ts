import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BakeOffRequest } from '../../src-main/contract/bakeOff.ts';
import { configsOf } from '../../src-main/services/bakeOff/configs.ts';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { type TestHost, makeTestFolder, openTestHost } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
let request: BakeOffRequest;

beforeAll(async () => {
  folder = await makeTestFolder();
  host = await openTestHost({ folder: folder.path });
  const { modelId, datasetId, task, objective } = await classificationConfig(host.client, folder.path);
  request = {
    name: 'Rooms',
    modelId,
    datasetId,
    task,
    objective,
    methods: [
      { id: 'lora', options: { rank: 2 } },
      { id: 'llamaAdapter', options: {} },
      { id: 'bitfit', options: {}, learningRate: 4e-3 },
    ],
    seeds: [0, 1],
    budget: { kind: 'steps', steps: 2 },
    training: { batchSize: 4 },
  };
});
afterAll(async () => {
  await host?.close();
  await folder.remove();
});

async function untilOver(runs: readonly { id: string }[]): Promise<void> {
  for (const { id } of runs) await eventsUntil(host.client, id, 'finished');
}

test('trains every method that applies with every seed, and compares them', async () => {
  const forecast = await host.client.bakeOff.check(request);
  const started = await host.client.bakeOff.start(request);
  expect(started.group).toBe('Rooms');
  expect(started.refused).toMatchObject([
    { methodId: 'llamaAdapter', problems: [{ code: 'run.methodNotForModel' }] },
  ]);
  // Seed by seed, so that every method has a result before any has its second.
  expect(started.runs.map(({ methodId, config }) => [methodId, config.training['seed']])).toEqual([
    ['lora', 0],
    ['bitfit', 0],
    ['lora', 1],
    ['bitfit', 1],
  ]);
  for (const run of started.runs) {
    expect(run).toMatchObject({ group: 'Rooms', tags: ['bake-off'], datasetId: request.datasetId });
    expect(run.config.training).toMatchObject({ batchSize: 4, maximumSteps: 2 });
  }
  await untilOver(started.runs);

  const result = await host.client.bakeOff.get({ group: 'Rooms' });
  expect(result).toMatchObject({
    runs: 4,
    finishedRuns: 4,
    metric: { name: 'test.accuracy', better: 'higher' },
  });
  expect(result.verdict.code).toMatch(/^bakeOff\.(noWinner|winner|winnerBySpread)$/);
  const means = result.rows.map(({ quality }) => quality?.mean ?? NaN);
  expect(means).toEqual(means.toSorted((a, b) => b - a));
  for (const row of result.rows) {
    const runs = await Promise.all(row.runs.map(({ id }) => host.client.runs.get({ id })));
    const values = runs.map(({ metrics }) => metrics['test.accuracy'] ?? NaN);
    expect(row.quality?.count).toBe(2);
    expect(row.quality?.mean).toBeCloseTo((values[0] ?? NaN) / 2 + (values[1] ?? NaN) / 2, 12);
    expect(row.peakMemoryBytes).toBe(Math.max(...runs.map((run) => run.peakMemoryBytes ?? 0)));
    expect(row.resultBytes).toBeGreaterThan(0);
    // What the form showed is what was trained.
    const shown = forecast.find(({ methodId }) => methodId === row.methodId)?.forecast;
    expect(row.trainableParameters).toBe(shown?.trainableParameters);
    expect(row.totalParameters).toBe(shown?.totalParameters);
  }
  const rates = new Map(result.rows.map(({ methodId, learningRate }) => [methodId, learningRate]));
  expect(rates.get('bitfit')).toBe(4e-3);
  expect(await host.client.bakeOff.list()).toMatchObject([
    {
      group: 'Rooms',
      runs: 4,
      finishedRuns: 4,
      methodIds: expect.arrayContaining(['lora', 'bitfit']) as unknown,
    },
  ]);
});

test('goes on after the host was closed, under a name of its own', async () => {
  const { group, runs } = await host.client.bakeOff.start({ ...request, seeds: [5, 6] });
  expect(group).toBe('Rooms (2)');
  await host.close();
  host = await openTestHost({ folder: folder.path });
  await untilOver(runs);
  const { runs: all, finishedRuns } = await host.client.bakeOff.get({ group });
  // The run that was training was stopped, to be resumed by hand; the others waited and were trained.
  expect(all).toBe(4);
  expect(finishedRuns).toBeGreaterThanOrEqual(3);
});

test('a table of methods needs no weights', async () => {
  const table = await host.client.methods.table({ model: { modelId: request.modelId }, task: request.task });
  const forecast = await host.client.runs.forecast({
    ...request,
    method: { id: 'lora', options: {} },
    training: {},
  });
  const lora = table.rows.find(({ methodId }) => methodId === 'lora');
  expect((lora?.ownParameters ?? 0) + (lora?.addedParameters ?? 0)).toBe(forecast.trainableParameters);
  expect(await host.client.methods.published()).toContain('Llama 2 7B');
});

test('what every run is to watch is checked for each method, and is in the settings of each', async () => {
  const watched = await host.client.bakeOff.check({ ...request, watchDatasetId: request.datasetId });
  const codes = watched.map(({ forecast }) => forecast.problems.map(({ code }) => code));
  expect(codes).toEqual(codes.map(() => expect.arrayContaining(['run.watchIsTraining'])));
  const configs = configsOf({ ...request, watchDatasetId: 'general' }, 0).map(({ config }) => config);
  expect(configs.map(({ watchDatasetId }) => watchDatasetId)).toEqual(['general', 'general', 'general']);
});
