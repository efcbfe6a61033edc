import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { RunSummary } from '../../src-main/contract/runs.ts';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();
let run: RunSummary;
let expected: string;

const runFolder = (id: string) => path.join(folder.path, 'home', 'runs', id);
const resultOf = (id: string) =>
  readFileSync(path.join(runFolder(id), 'result', 'adapter_model.safetensors')).toString('base64');
const stepsOf = (list: readonly { step: number }[]) => list.map(({ step }) => step);
const foldersOf = (id: string) => readdirSync(path.join(runFolder(id), 'checkpoints'));

/** The run's events until it is over once more. */
async function untilOver(id: string, after = 0) {
  const events = await eventsUntil(host.client, id, 'finished', after);
  return events.map(({ body }) => body);
}

beforeAll(async () => {
  const config = await classificationConfig(host.client, folder.path);
  // Without validation rows the newest weights are the result, so that each step more shows in its bytes.
  const split = { validationShare: 0, testShare: 0.5, keepDuplicatesTogether: false };
  const dataset = await host.client.datasets.split({ id: config.datasetId, ...split });
  // 4 steps an epoch.
  const training = { ...config.training, epochs: 2, checkpointEverySteps: 2, keepCheckpoints: 3 };
  run = await host.client.runs.start({ ...config, datasetId: dataset.id, training });
  await untilOver(run.id);
  expected = resultOf(run.id);
});

test('lists what a run can go on from, newest first, with what was measured there', async () => {
  const { checkpoints, sizeBytes, bin } = await host.client.checkpoints.list({ id: run.id });
  expect(checkpoints.map(({ step, kinds }) => [step, kinds])).toEqual([
    [8, ['last']],
    [6, []],
    [4, []],
  ]);
  expect(checkpoints[0]?.metrics).toMatchObject({ 'test.accuracy': expect.any(Number) });
  expect(checkpoints[1]?.metrics).toEqual({ 'train.loss': expect.any(Number) });
  expect(checkpoints.every(({ sizeBytes: size, savedAt }) => size > 1000 && savedAt !== null)).toBe(true);
  expect(sizeBytes).toBe(checkpoints.reduce((sum, each) => sum + each.sizeBytes, 0));
  expect(bin).toEqual([]);
});

test('deleted ones lie in the bin with their time, and come back whole', async () => {
  const removed = await host.client.checkpoints.remove({ id: run.id, steps: [4, 6] });
  expect(stepsOf(removed.checkpoints)).toEqual([8]);
  expect(stepsOf(removed.bin).sort()).toEqual([4, 6]);
  const [binned] = removed.bin;
  const keptMs = Date.parse(binned?.keptUntil ?? '') - Date.parse(binned?.removedAt ?? '');
  expect(keptMs).toBe(30 * 86_400_000);
  const keys = removed.bin.map(({ key }) => key);
  const back = await host.client.checkpoints.restore({ id: run.id, keys });
  expect(back.bin).toEqual([]);
  expect(stepsOf(back.checkpoints)).toEqual([8, 6, 4]);

  expect(await codesOfCall(host.client.checkpoints.restore({ id: run.id, keys }))).toEqual([
    'run.noCheckpoint',
  ]);
  expect(await codesOfCall(host.client.checkpoints.remove({ id: run.id, steps: [6, 5] }))).toEqual([
    'run.noCheckpoint',
  ]);
  expect(foldersOf(run.id)).toContain('step-00000006');
});

test('a fork with another rate and length says so, and is repeated from the start to the same bytes', async () => {
  const changes = { learningRate: 1e-3, epochs: 3 };
  const fork = await host.client.checkpoints.fork({ id: run.id, step: 6, ...changes });
  const bodies = await untilOver(fork.id);
  expect(bodies.flatMap((body) => (body.event === 'steered' ? [[body.step, body.change.kind]] : []))).toEqual(
    [
      [6, 'learningRate'],
      [6, 'length'],
    ],
  );
  expect(bodies.at(-1)).toMatchObject({ outcome: 'completed', step: 12 });
  expect(resultOf(fork.id)).not.toBe(expected);
  const metrics = ['train.loss'];
  const [own, taken, ...others] = await host.client.runs.series({ id: fork.id, metrics });
  const [parent] = await host.client.runs.series({ id: run.id, metrics });
  expect(own?.points.map(({ step }) => step)).toEqual([7, 8, 9, 10, 11, 12]);
  expect(taken?.inheritedFrom).toEqual({ runId: run.id, name: run.name });
  expect(taken?.points).toEqual(parent?.points.slice(0, 6));
  expect(others).toEqual([]);
  const { settings } = await host.client.runs.verify({ id: fork.id });
  expect(settings).toContainEqual({ name: 'steering.6.learningRate', first: null, second: '0.001' });
  const replayed = await host.client.runs.replay({ id: fork.id });
  await untilOver(replayed.id);
  expect(resultOf(replayed.id)).toBe(resultOf(fork.id));
  const tooShort = host.client.checkpoints.fork({ id: run.id, step: 6, epochs: 1 });
  expect(await codesOfCall(tooShort)).toEqual(['run.alreadyLonger']);
});

test('a run goes back to a checkpoint: later ones into the bin, later changes undone, the same end', async () => {
  const { lastSequence } = await host.client.runs.get({ id: run.id });
  await host.client.runs.steer({ id: run.id, change: { kind: 'length', epochs: 3 } });
  await untilOver(run.id, lastSequence);
  expect(resultOf(run.id)).not.toBe(expected);
  const longer = await host.client.runs.get({ id: run.id });
  await host.client.runs.resume({ id: run.id, fromStep: 8 });
  const bodies = await untilOver(run.id, longer.lastSequence);
  expect(bodies[0]).toEqual({ event: 'queued', fromStep: 8, undone: [expect.any(String)] });
  expect(bodies.find(({ event }) => event === 'started')).toMatchObject({ resumedFromStep: 8 });
  expect(bodies.at(-1)).toMatchObject({ outcome: 'completed', step: 8 });
  expect(resultOf(run.id)).toBe(expected);
  const { bin } = await host.client.checkpoints.list({ id: run.id });
  expect(stepsOf(bin)).toContain(12);
  expect(await codesOfCall(host.client.runs.resume({ id: run.id, fromStep: 5 }))).toEqual([
    'run.noCheckpoint',
  ]);
});

test('pruning leaves the newest; an emptied bin is gone', async () => {
  const { bin } = await host.client.checkpoints.list({ id: run.id });
  const keys = bin.flatMap(({ key, step }) => (step === 10 ? [key] : []));
  const back = await host.client.checkpoints.restore({ id: run.id, keys });
  expect(stepsOf(back.checkpoints)).toEqual([10, 8]);
  const pruned = await host.client.checkpoints.prune({ id: run.id, keep: 1 });
  expect(stepsOf(pruned.checkpoints)).toEqual([10]);
  expect(stepsOf(pruned.bin).sort((a, b) => a - b)).toEqual([8, 12]);
  const emptied = await host.client.checkpoints.emptyBin({ id: run.id });
  expect(emptied).toMatchObject({ bin: [], binBytes: 0 });
  expect(foldersOf(run.id)).toEqual(['step-00000010']);
});
