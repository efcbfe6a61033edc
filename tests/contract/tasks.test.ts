import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type RowContent, type Task, chooseTask } from '../../src-main/contract/methods.ts';
import { eventsUntil } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';
import { encoderFolder } from './tinyModel.ts';

// From a file to a prediction, for what encoders learn besides one label per text.

const { folder, host } = await openHostForFile();

const rooms = ['kitchen', 'garden', 'hall'];
const place = (index: number) => rooms[index % rooms.length] ?? '';
const textOf = (index: number) => `turn on the lamp in the ${place(index)} please`;

/** A row of each task's file, what to ask afterwards, and what the head's size depends on. */
const tasks: readonly {
  readonly task: Task;
  readonly row: (index: number) => object;
  readonly asked: RowContent;
  readonly form: string;
}[] = [
  {
    task: 'tokenClassification',
    row: (index) => ({
      text: textOf(index),
      entities: [{ start: 24, end: 24 + place(index).length, label: 'ROOM' }],
    }),
    asked: { text: textOf(0) },
    form: 'spans',
  },
  {
    task: 'extractiveQa',
    row: (index) => ({
      question: 'where?',
      context: textOf(index),
      answers: { text: [place(index)], answer_start: [24] },
    }),
    asked: { question: 'where?', context: textOf(1) },
    form: 'answer',
  },
  {
    task: 'multiLabel',
    row: (index) => ({ text: textOf(index), labels: ['light', place(index)] }),
    asked: { text: textOf(2) },
    form: 'labels',
  },
  {
    task: 'regression',
    row: (index) => ({ text: textOf(index), score: index % rooms.length }),
    asked: { text: textOf(2) },
    form: 'number',
  },
];

async function importRows(task: Task, row: (index: number) => object) {
  const file = path.join(folder.path, `${task}.jsonl`);
  const lines = Array.from({ length: 24 }, (_, index) => JSON.stringify(row(index)));
  await writeFile(file, lines.join('\n'));
  const { suggestedMapping } = await host.client.datasets.preview({ path: file });
  const roles = task === 'regression' ? { text: 'text', label: 'score' } : suggestedMapping.roles;
  const job = await host.client.datasets.import({
    files: [{ path: file }],
    mapping: { roles },
    validationShare: 0,
    testShare: 0.25,
  });
  return job;
}

test.each(tasks)('$task', async ({ task, row, asked, form }) => {
  const { client } = host;
  const model = await client.models.import({ path: encoderFolder });
  const dataset = await importRows(task, row);
  const { objectives } = await client.methods.list({});
  const possible = (each: Task) => model.tasks.includes(each);
  const suggested = chooseTask(objectives, dataset.mapping.roles, possible);
  expect(suggested).toBe(['multiLabel', 'regression'].includes(task) ? 'classification' : task);

  const config = {
    modelId: model.id,
    datasetId: dataset.id,
    task,
    objective: {},
    method: { id: 'lora', options: { rank: 2 } },
    training: { epochs: 1, batchSize: 8 },
  };
  const forecast = await client.runs.forecast(config);
  expect(forecast.problems).toEqual([]);
  const { id: runId } = await client.runs.start(config);
  await eventsUntil(client, runId, 'finished');
  const detail = await client.runs.get({ id: runId });
  expect(detail).toMatchObject({ status: 'completed', trainableParameters: forecast.trainableParameters });

  const target = { runId };
  const [before] = await client.playground.predict({ target, rows: [asked] });
  expect(before?.form).toBe(form);
  const merged = path.join(folder.path, `${task}-merged`);
  await client.exports.create({ runId, form: 'merged', folder: merged });
  const whole = await client.models.import({ path: merged });
  const [after] = await client.playground.predict({ target: { modelId: whole.id, task }, rows: [asked] });
  expect(after?.form).toBe(form);
  if (before?.form === 'number' && after?.form === 'number') expect(after.value).toBeCloseTo(before.value, 4);

  const generated = client.playground.generate({ target, prompt: 'a' });
  expect(await codesOfCall(generated.then((stream) => stream.next()))).toEqual(['run.wrongTaskForTry']);
});

test('a score cannot be learned from names', async () => {
  const model = await host.client.models.import({ path: encoderFolder });
  const dataset = await importRows('classification', (index) => ({
    text: textOf(index),
    label: place(index),
  }));
  const { problems } = await host.client.runs.forecast({
    modelId: model.id,
    datasetId: dataset.id,
    task: 'regression',
    objective: {},
    method: { id: 'lora', options: {} },
    training: {},
  });
  expect(problems.map(({ code }) => code)).toEqual(['run.noNumbers']);
});
