import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { classificationConfig, eventsUntil, generationConfig } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';
import { labelsOf } from '../support/predictions.ts';

const { folder, host } = await openHostForFile();

describe('a classification run with the real engine', () => {
  let runId: string;

  test('is forecast, trained, and keeps what was forecast', async () => {
    const config = await classificationConfig(host.client, folder.path);
    const forecast = await host.client.runs.forecast(config);
    expect(forecast).toMatchObject({ problems: [], totalSteps: 8, trainRows: 32 });

    const run = await host.client.runs.start(config);
    runId = run.id;
    const events = await eventsUntil(host.client, runId, 'finished');
    expect(events.filter((event) => event.body.event === 'stepped')).toHaveLength(8);
    const detail = await host.client.runs.get({ id: runId });
    expect(detail).toMatchObject({
      status: 'completed',
      step: 8,
      trainableParameters: forecast.trainableParameters,
      labels: ['light', 'music'],
    });
    expect(detail.metrics).toHaveProperty('test.accuracy');
    expect(detail.confusion?.labels).toEqual(['light', 'music']);
    const series = await host.client.runs.series({ id: runId, metrics: ['train.loss'] });
    expect(series[0]?.totalPoints).toBe(8);
  });

  test('can be tried', async () => {
    const target = { runId };
    const rows = [{ text: 'turn on the lamp' }, { text: 'play a song' }];
    const predictions = await host.client.playground.predict({ target, rows });
    expect(predictions).toHaveLength(2);
    for (const labels of predictions.map(labelsOf)) {
      expect(labels.map((each) => each.label).sort()).toEqual(['light', 'music']);
      expect(labels.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 5);
      expect(labels[0]?.probability).toBeGreaterThanOrEqual(labels[1]?.probability ?? 0);
    }
    const generate = host.client.playground.generate({ target, prompt: 'a' });
    expect(await codesOfCall(generate.then((stream) => stream.next()))).toEqual(['run.wrongTaskForTry']);
  });

  test('is exported as an adapter and as a whole model that gives the same answers', async () => {
    const adapter = path.join(folder.path, 'adapter');
    const merged = path.join(folder.path, 'merged');
    const written = await host.client.exports.create({ runId, form: 'adapter', folder: adapter });
    expect(written.files).toEqual(
      expect.arrayContaining(['adapter_config.json', 'adapter_model.safetensors']),
    );
    expect(JSON.parse(readFileSync(path.join(adapter, 'adapter_config.json'), 'utf8'))).toMatchObject({
      r: 4,
    });

    await host.client.exports.create({ runId, form: 'merged', folder: merged });
    const model = await host.client.models.import({ path: merged });
    const rows = [{ text: 'turn on the lamp' }, { text: 'play a song' }];
    const before = await host.client.playground.predict({ target: { runId }, rows });
    const after = await host.client.playground.predict({ target: { modelId: model.id }, rows });
    after.forEach((prediction, index) => {
      const expected = labelsOf(before[index]);
      const found = labelsOf(prediction);
      expect(found.map((each) => each.label)).toEqual(expected.map((each) => each.label));
      expect(found[0]?.probability).toBeCloseTo(expected[0]?.probability ?? 0, 4);
    });
    const twice = host.client.exports.create({ runId, form: 'adapter', folder: adapter });
    expect(await codesOfCall(twice)).toEqual(['export.folderNotEmpty']);
    expect(existsSync(path.join(adapter, 'adapter_model.safetensors'))).toBe(true);
  });

  test('is stopped in its midst and goes on from there', async () => {
    const config = await classificationConfig(host.client, folder.path);
    const training = { ...config.training, epochs: 200, checkpointEverySteps: 2 };
    const run = await host.client.runs.start({ ...config, training });
    await eventsUntil(host.client, run.id, 'checkpointed');
    await host.client.runs.pause({ id: run.id });
    await eventsUntil(host.client, run.id, 'paused');
    await host.client.runs.stop({ id: run.id });
    const events = await eventsUntil(host.client, run.id, 'finished');
    const stopped = await host.client.runs.get({ id: run.id });
    expect(stopped.status).toBe('stopped');
    expect(stopped.step).toBeLessThan(800);

    await host.client.runs.resume({ id: run.id });
    const more = await eventsUntil(host.client, run.id, 'prepared', events.at(-1)?.sequence);
    expect(more.find((event) => event.body.event === 'started')?.body).toMatchObject({
      resumedFromStep: stopped.step,
    });
    await eventsUntil(host.client, run.id, 'checkpointed', more.at(-1)?.sequence);
    await host.client.runs.stop({ id: run.id });
    await eventsUntil(host.client, run.id, 'finished', more.at(-1)?.sequence);
  });
});

test('a language model learns answers, writes while one watches, and stops when nobody does', async () => {
  const config = await generationConfig(host.client, folder.path);
  const run = await host.client.runs.start(config);
  await eventsUntil(host.client, run.id, 'finished');
  const target = { runId: run.id };
  // So hot that every token is about as likely as any other: the answer does not end by itself.
  const options = { maximumNewTokens: 12, temperature: 5 };
  const prompt = 'How many is 3?';
  const pieces: string[] = [];
  for await (const { text } of await host.client.playground.generate({ target, prompt, options })) {
    pieces.push(text);
  }
  expect(pieces.length).toBeGreaterThan(1);

  const abort = new AbortController();
  const long = { target, prompt, options: { ...options, maximumNewTokens: 4000 } };
  const stream = await host.client.playground.generate(long, { signal: abort.signal });
  await stream.next();
  abort.abort();
  while (!(await stream.next()).done);
  // The process is free for the next question at once.
  const again = await host.client.playground.generate({ target, prompt, options });
  const repeated: string[] = [];
  for await (const { text } of again) repeated.push(text);
  expect(repeated.join('')).toBe(pieces.join(''));
});
