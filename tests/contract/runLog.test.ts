import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  encodeFileHeader,
  encodeScalar,
  readEventFile,
} from '../../src-main/services/runs/exchange/eventFile.ts';
import { exampleRun } from '../store/fixtures/examples.ts';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
let out: string;

beforeAll(async () => {
  folder = await makeTestFolder();
  out = mkdtempSync(path.join(tmpdir(), 'tunebench-log-'));
  const { openStore } = await import('../../src-main/store/store.ts');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(path.join(folder.path, 'home'), { recursive: true });
  const store = openStore(path.join(folder.path, 'home', 'tunebench.sqlite'));
  store.runs.insert({ ...exampleRun, name: 'A | <b>run</b>', notBefore: '2999-01-01T00:00:00.000Z' });
  store.events.append('run-1', { event: 'started', device: 'cpu', resumedFromStep: null });
  store.events.append('run-1', {
    event: 'steered',
    id: 'change',
    step: 2,
    change: { kind: 'learningRate', learningRate: 1e-4 },
  });
  for (let step = 1; step <= 30; step++) {
    store.metrics.append('run-1', step, { 'train.loss': 1 / step, 'validation.loss': 2 / step });
  }
  store.runs.update('run-1', {
    status: 'completed',
    step: 30,
    totalSteps: 30,
    metrics: { 'train.loss': 1 / 30 },
    notes: '첫 <i>메모</i> **둘째**',
  });
  store.close();
  host = await openTestHost({ folder: folder.path });
});
afterAll(async () => {
  await host.close();
  await folder.remove();
  rmSync(out, { recursive: true, force: true });
});

test('a card holds what repeats a run, and is read back with what is missing here', async () => {
  const { text } = await host.client.runs.document({ id: 'run-1', document: 'card' });
  const found = await host.client.runs.readCard({ text });
  expect(found.card).toMatchObject({
    config: exampleRun.config,
    steering: [{ step: 2, change: { kind: 'learningRate', learningRate: 1e-4 } }],
    model: { hash: 'm1' },
    dataset: { hash: 'd1' },
    hardware: { device: 'cpu' },
  });
  expect(found.problems.map(({ code }) => code)).toEqual(['run.cardWithoutData', 'run.cardWithoutModel']);
  expect(await codesOfCall(host.client.runs.readCard({ text: '{"a":1}' }))).toEqual(['run.notACard']);
  expect(await codesOfCall(host.client.runs.readCard({ text: 'no' }))).toEqual(['run.notACard']);
});

test('the extremes of a metric are those of its whole curve', async () => {
  const metrics = ['train.loss', 'validation.loss', 'test.loss'];
  expect(await host.client.runs.extremes({ metrics })).toEqual({
    'run-1': {
      'train.loss': { lowest: 1 / 30, highest: 1 },
      'validation.loss': { lowest: 2 / 30, highest: 2 },
    },
  });
  expect(await host.client.runs.extremes({ metrics: [] })).toEqual({});
});

test('reports show charts and hold names and notes as text', async () => {
  const html = await host.client.runs.document({ id: 'run-1', document: 'html', language: 'ko' });
  expect(html.text).toContain('<svg');
  expect(html.text).toContain('A | &lt;b&gt;run&lt;/b&gt;');
  expect(html.text).not.toContain('<b>run');
  expect(html.text).toContain('<p>첫 &lt;i&gt;메모&lt;/i&gt; <strong>둘째</strong></p>');
  expect(html.text).toContain('실행 보고서');
  const { text } = await host.client.runs.document({ id: 'run-1', document: 'markdown' });
  expect(text).toMatch(/^# A \| <b>run<\/b>\n/);
  expect(text).toContain('| train.loss | 0.033333 |');
});

test('every point leaves as JSON lines, CSV, Parquet and an MLflow file store', async () => {
  const write = async (format: 'jsonl' | 'csv' | 'parquet' | 'mlflow') => {
    const target = path.join(out, `points.${format}`);
    await host.client.runs.exportCurves({ ids: ['run-1'], format, path: target });
    return target;
  };
  const lines = readFileSync(await write('jsonl'), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(60);
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({
    run: 'run-1',
    metric: 'train.loss',
    step: 2,
    value: 0.5,
  });
  expect(readFileSync(await write('csv'), 'utf8')).toContain('validation.loss,4,0.5');
  const bytes = readFileSync(await write('parquet'));
  const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  expect(rows).toHaveLength(60);
  const mlflow = path.join(await write('mlflow'), '0');
  const [run = ''] = readdirSync(mlflow).filter((name) => name !== 'meta.yaml');
  expect(run).toMatch(/^[0-9a-f]{32}$/);
  expect(readFileSync(path.join(mlflow, run, 'metrics', 'train.loss'), 'utf8').split('\n')[1]).toMatch(
    /^\d+ 0.5 2$/,
  );
  expect(readFileSync(path.join(mlflow, run, 'params', 'learningRate'), 'utf8')).toBe('0.002');
  const again = host.client.runs.exportCurves({
    ids: ['run-1'],
    format: 'csv',
    path: path.join(out, 'points.csv'),
  });
  expect(await codesOfCall(again)).toEqual(['run.exportExists']);
});

test('curves leave as event files that TensorBoard reads, a folder for each run', async () => {
  const target = path.join(out, 'board');
  await host.client.runs.exportCurves({ ids: ['run-1'], format: 'tensorboard', path: target });
  const [folderName = ''] = readdirSync(target);
  expect(folderName).toBe('A _ _b_run__b_');
  const [file = ''] = readdirSync(path.join(target, folderName));
  expect(file).toMatch(/^events\.out\.tfevents\.\d+\.tunebench$/);
  const { scalars, unreadBytes } = readEventFile(readFileSync(path.join(target, folderName, file)));
  expect([scalars.length, unreadBytes]).toEqual([60, 0]);
  expect(scalars[1]).toMatchObject({ tag: 'train/loss', step: 2, value: 0.5 });
});

test('curves of TensorBoard, Weights & Biases and trackio come into the log', async () => {
  const events = path.join(out, 'events.out.tfevents.1.host');
  const scalars = [1, 2, 3].map((step) =>
    encodeScalar({ tag: 'train/loss', step, wallTime: 1, value: 1 / step }),
  );
  writeFileSync(events, Buffer.concat([encodeFileHeader(1), ...scalars]));
  const [board] = await host.client.runs.import({ path: events, name: 'from the board' });
  expect(board).toMatchObject({ name: 'from the board', status: 'completed', step: 3, tags: ['imported'] });
  const [series] = await host.client.runs.series({ id: board?.id ?? '' });
  expect(series).toMatchObject({ metric: 'train.loss', totalPoints: 3 });

  const wandb = path.join(out, 'wandb.csv');
  writeFileSync(
    wandb,
    '"Step","one - loss","one - loss__MIN","one - loss__MAX","two - loss"\n1,0.5,0.5,0.5,\n2,0.25,0.2,0.3,9\n',
  );
  const imported = await host.client.runs.import({ path: wandb });
  expect(imported.map(({ name, metrics }) => [name, metrics])).toEqual([
    ['one', { 'train.loss': 0.25 }],
    ['two', { 'train.loss': 9 }],
  ]);
  const trackio = path.join(out, 'trackio.csv');
  writeFileSync(
    trackio,
    'timestamp,step,train/loss,val/accuracy\n2026-01-01T00:00:00,0,2,0.1\n2026-01-01T00:00:01,1,1,0.2\n',
  );
  expect((await host.client.runs.import({ path: trackio }))[0]?.metrics).toEqual({
    'train.loss': 1,
    'val.accuracy': 0.2,
  });
  writeFileSync(trackio, 'a,b\n1,2\n');
  expect(await codesOfCall(host.client.runs.import({ path: trackio }))).toEqual(['run.noStepColumn']);
});

test('a run in the bin does not go on, and one in the log is made longer only beyond what it has done', async () => {
  const longer = host.client.runs.steer({ id: 'run-1', change: { kind: 'evaluation' } });
  expect(await codesOfCall(longer)).toEqual(['run.wrongStatus']);
  await host.client.runs.remove({ id: 'run-1' });
  const steered = host.client.runs.steer({ id: 'run-1', change: { kind: 'length', epochs: 5 } });
  expect(await codesOfCall(steered)).toEqual(['run.inBin']);
  expect(await codesOfCall(host.client.runs.resume({ id: 'run-1' }))).toEqual(['run.inBin']);
  await host.client.runs.restore({ id: 'run-1' });
});
