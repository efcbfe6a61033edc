import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../src-main/store/store.ts';
import { type TestHost, makeTestFolder, openTestHost } from '../contract/testHost.ts';
import { exampleRun } from '../store/fixtures/examples.ts';
import { python, pythonIsRequired, runReference } from './python.ts';

const steps = 40;
const began = Date.parse('2026-01-01T00:00:00.000Z');
let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;

beforeAll(async () => {
  folder = await makeTestFolder();
  mkdirSync(path.join(folder.path, 'home'), { recursive: true });
  const store = openStore(path.join(folder.path, 'home', 'tunebench.sqlite'));
  store.runs.insert({ ...exampleRun, name: '첫 "실행": 1' });
  for (let step = 1; step <= steps; step++) {
    const metrics = {
      'train.loss': 1 / step,
      '검증.정확도': step / 40,
      'validation/loss': 2,
      'validation.loss': 3,
    };
    store.metrics.append('run-1', step, { ...metrics, 'axis.wallSeconds': began / 1000 + 2 * step });
  }
  store.runs.update('run-1', { status: 'completed', step: steps, notes: 'two\nlines' });
  store.runs.insert({ ...exampleRun, id: 'run-2', name: 'without a point' });
  store.runs.update('run-2', { status: 'failed' });
  store.close();
  host = await openTestHost({ folder: folder.path });
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

describe.skipIf(python === undefined && !pythonIsRequired)('beside the programs themselves', () => {
  test('MLflow finds runs with every point, setting, note, card and report', async () => {
    const target = path.join(folder.path, 'mlruns');
    await host.client.runs.exportCurves({ ids: ['run-1', 'run-2'], format: 'mlflow', path: target });
    const script = path.join(import.meta.dirname, '..', 'reference', 'mlflow_store.py');
    const printed = execFileSync(python ?? 'python3', ['-W', 'ignore', script, target], { encoding: 'utf8' });
    const pointSchema = z.tuple([z.number(), z.number(), z.number()]);
    const runSchema = z.object({
      experiment: z.string(),
      name: z.string(),
      status: z.string(),
      params: z.record(z.string(), z.string()),
      tags: z.record(z.string(), z.string()),
      history: z.record(z.string(), z.array(pointSchema)),
      artifacts: z.array(z.string()),
    });
    const runs = z.array(runSchema).parse(JSON.parse(printed));
    expect(runs.map(({ name, status, experiment }) => [name, status, experiment]).sort()).toEqual([
      ['without a point', 'FAILED', 'Tunebench'],
      ['첫 "실행": 1', 'FINISHED', 'Tunebench'],
    ]);
    const run = runs.find(({ status }) => status === 'FINISHED');
    expect(Object.keys(run?.history ?? {}).sort()).toEqual(
      ['steps', 'train.loss', 'validation.loss', 'validation_loss', '검증.정확도'].sort(),
    );
    expect(run?.history['train.loss']).toEqual(
      Array.from({ length: steps }, (_, index) => [index + 1, 1 / (index + 1), began + 2000 * (index + 1)]),
    );
    expect(run?.params).toMatchObject({ method: exampleRun.methodId, learningRate: '0.002' });
    expect(run?.tags['mlflow.note.content']).toBe('two\nlines');
    expect(run?.artifacts.map((name) => path.extname(name)).sort()).toEqual(['.html', '.json']);
  });

  test('a training that wrote for TensorBoard comes into the log, a run for each folder', async () => {
    const source = path.join(folder.path, 'board');
    runReference('tensorboard_files.py', 'train', source);
    const found = await host.client.runs.import({ path: source });
    const named = new Map(found.map((run) => [run.name, run]));
    expect([...named.keys()].sort()).toEqual(
      ['board/first', 'board/first/hyper', 'board/second', 'board/second/hyper'].sort(),
    );
    const run = named.get('board/first');
    expect(run).toMatchObject({ step: 199, modelName: 'TensorBoard' });
    const series = await host.client.runs.series({ id: run?.id ?? '' });
    expect(series.map(({ metric, totalPoints }) => [metric, totalPoints]).sort()).toEqual([
      ['train.loss', 200],
      ['validation.accuracy', 200],
    ]);
    expect(series.find(({ metric }) => metric === 'train.loss')?.points.map(({ last }) => last)).toEqual(
      Array.from({ length: 200 }, (_, step) => Math.fround(0.5 / (step + 1))),
    );
  });
});

test('what this workbench exports it also imports, in every format of tables', async () => {
  for (const format of ['csv', 'jsonl', 'parquet'] as const) {
    const target = path.join(folder.path, `points.${format}`);
    await host.client.runs.exportCurves({ ids: ['run-1'], format, path: target });
    const [run] = await host.client.runs.import({ path: target });
    expect(run).toMatchObject({
      name: '첫 "실행": 1',
      step: steps,
      modelName: format === 'parquet' ? 'Parquet' : format.toUpperCase(),
    });
    const [loss] = await host.client.runs.series({ id: run?.id ?? '', metrics: ['train.loss'] });
    expect(loss?.points.map(({ last }) => last)).toEqual(
      Array.from({ length: steps }, (_, index) => 1 / (index + 1)),
    );
  }
});

test('the history of Weights & Biases is read as JSON lines', async () => {
  const file = path.join(folder.path, 'history.jsonl');
  const rows = [1, 2, 3].map((step) => ({
    _step: step,
    _runtime: 9,
    'train/loss': 1 / step,
    gradients: { bins: [1] },
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const [run] = await host.client.runs.import({ path: file, name: 'from W&B' });
  expect(run).toMatchObject({ name: 'from W&B', step: 3, metrics: { 'train.loss': 1 / 3 } });
});
