import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src-main/contract/labels.ts';
import type { Task } from '../../src-main/contract/methods.ts';
import { eventsUntil } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';
import { encoderFolder } from './tinyModel.ts';

// Suggestions, and the mistakes of runs, where a record takes several labels, or spans.

const { folder, host } = await openHostForFile();
let modelId: string;
const labels = () => host.client.labels;

beforeAll(async () => {
  modelId = (await host.client.models.import({ path: encoderFolder })).id;
});

const rooms = ['kitchen', 'garden', 'hall'];
/** Requests about a lamp, music, or both, in one of three rooms. */
const rows = Array.from({ length: 48 }, (_, index) => {
  const wanted = [['light'], ['music'], ['light', 'music']][index % 3] ?? [];
  const room = rooms[Math.floor(index / 3) % rooms.length] ?? '';
  const things = wanted.map((label) => (label === 'light' ? 'turn on the lamp' : 'play a nice song'));
  const text = `${things.join(' and ')} in the ${room}`;
  const start = text.length - room.length;
  return { text, labels: wanted, spans: [{ start, end: text.length, label: 'ROOM' }] };
});

async function importRows(name: string, role: 'label' | 'spans', column: 'labels' | 'spans') {
  const file = path.join(folder.path, `${name}.jsonl`);
  await writeFile(file, rows.map((row) => `${JSON.stringify({ text: row.text, [column]: row[column] })}\n`).join('')); // prettier-ignore
  return host.client.datasets.import({
    files: [{ path: file }],
    validationShare: 0.25,
    mapping: { roles: { text: 'text', [role]: column } },
  });
}

async function train(datasetId: string, task: Task): Promise<string> {
  const run = await host.client.runs.start({
    modelId,
    datasetId,
    task,
    objective: { maximumLength: 24 },
    method: { id: 'lora', options: { rank: 4 } },
    training: { maximumSteps: 4, batchSize: 8, learningRate: 5e-3 },
  });
  await eventsUntil(host.client, run.id, 'finished');
  return run.id;
}

/** The rows a run gets wrong, with what is right and what it says, the surest first. */
async function expectMistakes(runId: string, actualOf: (row: number) => string): Promise<void> {
  const { judged, found, rows: wrong, split } = await host.client.playground.judgedRows({ runId });
  expect(split).toBe('validation');
  expect(judged).toBe(12);
  expect(found).toBe(wrong.length);
  expect(found).toBeGreaterThan(0);
  for (const { position, actual, predicted } of wrong) {
    expect(actual).toBe(actualOf(position));
    expect(predicted).not.toBe(actual);
  }
  const sureness = wrong.map(({ probability }) => probability);
  expect(sureness).toEqual([...sureness].sort((one, other) => other - one));
}

const severalOf = (answer: Answer | null) => (answer?.kind === 'labels' ? answer.labels : []);

test('a probe suggests several labels, and takes labels in any order for the same', async () => {
  const dataset = await importRows('probe', 'label', 'labels');
  const { id } = await labels().open({
    datasetId: dataset.id,
    task: 'multi',
    labels: ['light', 'music'],
    existing: 'nothing',
  });
  for (let number = 1; number <= 24; number++) {
    const given = [...(rows[number - 1]?.labels ?? [])].reverse();
    const answer = { kind: 'labels' as const, labels: given };
    await labels().act({ id, action: { kind: 'label', target: { numbers: [number] }, answer } });
  }
  const state = await labels().startHelp({ id, source: { kind: 'probe', modelId } });
  expect(state).toMatchObject({ phase: 'ready', learned: 24 });
  expect(state?.accuracy).toBeGreaterThan(0.7);
  const { records } = await labels().page({ id, filter: { statuses: ['pending'] }, order: 'margin' });
  const right = records.filter(
    ({ suggestion, number }) => severalOf(suggestion).join() === rows[number - 1]?.labels.join(),
  );
  expect(right.length / records.length).toBeGreaterThan(0.8);
  const scores = records.map(({ score }) => score ?? 0);
  expect(scores).toEqual([...scores].sort((one, other) => one - other));
  const both = await labels().record({ id, number: 3 });
  expect(severalOf(both.answer)).toEqual(['light', 'music']);
  const suspects = (await labels().page({ id, filter: {}, order: 'suspect' })).records;
  expect(suspects.every(({ status }) => status === 'labelled')).toBe(true);
  const { changed } = await labels().act({ id, action: { kind: 'accept', target: { numbers: [30] } } });
  expect(changed).toBe(1);
});

test('a run suggests several labels', async () => {
  const dataset = await importRows('several', 'label', 'labels');
  const runId = await train(dataset.id, 'multiLabel');
  await expectMistakes(runId, (row) => rows[row]?.labels.join(', ') ?? '');
  const { id } = await labels().open({ datasetId: dataset.id, task: 'multi', existing: 'answers' });
  await labels().startHelp({ id, source: { kind: 'run', runId } });
  const { records } = await labels().page({ id, filter: {}, order: 'entropy', limit: 200 });
  expect(records).toHaveLength(rows.length);
  for (const { suggestion, score } of records) {
    expect(severalOf(suggestion).length).toBeGreaterThan(0);
    expect(score).toBeGreaterThan(0);
  }
  expect((await labels().page({ id, filter: {}, order: 'suspect' })).records.length).toBeGreaterThan(0);
});

test('a run suggests spans, the least sure texts first; a probe does not', async () => {
  const dataset = await importRows('spans', 'spans', 'spans');
  const runId = await train(dataset.id, 'tokenClassification');
  await expectMistakes(runId, (row) => {
    const { text = '', spans = [] } = rows[row] ?? {};
    return spans.map(({ start, end, label }) => `${label}: ${text.slice(start, end)}`).join(', ');
  });
  const { id } = await labels().open({
    datasetId: dataset.id,
    task: 'spans',
    labels: ['ROOM'],
    existing: 'nothing',
  });
  expect(await codesOfCall(labels().startHelp({ id, source: { kind: 'probe', modelId } }))).toEqual([
    'labels.helpTask',
  ]);
  await labels().startHelp({ id, source: { kind: 'run', runId } });
  const { records } = await labels().page({ id, filter: {}, order: 'score', limit: 200 });
  expect(records).toHaveLength(rows.length);
  for (const { suggestion, score, number } of records) {
    expect(score).toBeGreaterThan(0);
    expect(suggestion?.kind).toBe('spans');
    if (suggestion?.kind !== 'spans') continue;
    for (const { end, label } of suggestion.spans) {
      expect(label).toBe('ROOM');
      expect(end).toBeLessThanOrEqual(rows[number - 1]?.text.length ?? 0);
    }
  }
  const { changed } = await labels().act({ id, action: { kind: 'accept', target: { numbers: [1, 2] } } });
  expect(changed).toBe(2);
  await labels().stopHelp({ id });
  expect((await labels().record({ id, number: 3 })).suggestion).toBeNull();
});
