import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { RunConfig, RunSummary } from '../../src-main/contract/runs.ts';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();
let config: RunConfig;
let run: RunSummary;

beforeAll(async () => {
  config = await classificationConfig(host.client, folder.path);
  // 4 steps an epoch.
  const training = { ...config.training, sampleEverySteps: 2, keepCheckpoints: 3, checkpointEverySteps: 4 };
  run = await host.client.runs.start({ ...config, training });
  await eventsUntil(host.client, run.id, 'finished');
});

test('samples of each step can be read, the newest without asking', async () => {
  const newest = await host.client.runs.samples({ id: run.id });
  expect(newest).toMatchObject({ steps: [0, 2, 4, 6, 8], step: 8, problem: null });
  expect(newest.samples).toHaveLength(4);
  expect(new Set(newest.samples.map(({ row }) => row.expected))).toEqual(new Set(['light', 'music']));
  const first = await host.client.runs.samples({ id: run.id, step: 0 });
  expect(first.samples.map(({ row }) => row)).toEqual(newest.samples.map(({ row }) => row));
  expect(first.samples.every(({ before }) => before === null)).toBe(true);
  expect(await codesOfCall(host.client.runs.samples({ id: run.id, step: 3 }))).toEqual(['run.noSamplesAt']);
  expect(await codesOfCall(host.client.runs.samples({ id: 'gone' }))).toEqual(['run.notFound']);
});

test('events say that there are new ones, and the log does not repeat them', async () => {
  const events = await eventsUntil(host.client, run.id, 'finished');
  const sampled = events.flatMap(({ body }) => (body.event === 'sampled' ? [body] : []));
  expect(sampled).toEqual([0, 2, 4, 6, 8].map((step) => ({ event: 'sampled', step })));
  const log = await host.client.runs.log({ id: run.id });
  expect(log.events.some(({ body }) => body.event === 'sampled')).toBe(false);
});

test('reports and exported lines hold them', async () => {
  const [sample] = (await host.client.runs.samples({ id: run.id, step: 0 })).samples;
  const { text } = await host.client.runs.document({ id: run.id, document: 'markdown' });
  expect(text).toContain('| Input | Expected | Before training | Step 8 |');
  expect(text).toContain(`| ${sample?.row.asked.text} | ${sample?.row.expected} |`);
  const html = await host.client.runs.document({ id: run.id, document: 'html', language: 'ko' });
  expect(html.text).toContain('<th>학습 전</th><th>단계 8</th>');

  const target = path.join(folder.path, 'points.jsonl');
  await host.client.runs.exportCurves({ ids: [run.id], format: 'jsonl', path: target });
  const lines = readFileSync(target, 'utf8').trim().split('\n').map((line): unknown => JSON.parse(line)); // prettier-ignore
  const exported = lines.filter((line) => JSON.stringify(line).includes('"samples"'));
  expect(exported).toHaveLength(20);
  const { row, right } = sample ?? {};
  const said = { split: 'validation', asked: row?.asked.text, expected: row?.expected, right };
  expect(exported[0]).toMatchObject({ run: run.id, step: 0, value: null, ...said });
  const [again] = await host.client.runs.import({ path: target });
  const series = await host.client.runs.series({ id: again?.id ?? '' });
  expect(series.map(({ metric }) => metric)).not.toContain('train.samples');
});

test('a run that goes back forgets what came after, and comes to the same', async () => {
  const before = await host.client.runs.samples({ id: run.id });
  const { lastSequence } = await host.client.runs.get({ id: run.id });
  await host.client.runs.resume({ id: run.id, fromStep: 4 });
  const events = await eventsUntil(host.client, run.id, 'finished', lastSequence);
  expect(events.flatMap(({ body }) => (body.event === 'sampled' ? [body.step] : []))).toEqual([6, 8]);
  expect(await host.client.runs.samples({ id: run.id })).toEqual(before);
});

test('a fork begins with those of the run it came from', async () => {
  const { id } = await host.client.checkpoints.fork({ id: run.id, step: 4 });
  await eventsUntil(host.client, id, 'finished');
  expect((await host.client.runs.samples({ id })).steps).toEqual([0, 2, 4, 6, 8]);
  const [own, taken] = await Promise.all(
    [run.id, id].map(async (each) => host.client.runs.samples({ id: each, step: 4 })),
  );
  expect(taken).toEqual(own);
});

test('settings that cannot be are refused, and none are taken where none are wanted', async () => {
  const { problems } = await host.client.runs.forecast({
    ...config,
    training: { ...config.training, sampleRows: 17, sampleEverySteps: -1 },
  });
  expect(problems.map(({ code, path: where }) => `${where} ${code}`)).toEqual([
    'training.sampleRows option.outOfRange',
    'training.sampleEverySteps option.outOfRange',
  ]);
  const training = { ...config.training, sampleRows: 0, maximumSteps: 1 };
  const { id } = await host.client.runs.start({ ...config, training });
  await eventsUntil(host.client, id, 'finished');
  const none = { steps: [], step: null, samples: [], problem: null };
  expect(await host.client.runs.samples({ id })).toEqual(none);
});
