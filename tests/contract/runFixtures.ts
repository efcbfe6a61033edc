import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunEvent, RunEventBody } from '../../src-main/contract/events.ts';
import type { RunConfig } from '../../src-main/contract/runs.ts';
import type { HostClient } from '../../src-main/rpc/dispatcher.ts';
import { decoderFolder, encoderFolder } from './tinyModel.ts';

const subjects = ['lamp', 'song', 'train', 'recipe'];

/** A classification run over 64 rows in two classes that a few words tell apart. */
export async function classificationConfig(client: HostClient, folder: string): Promise<RunConfig> {
  const file = path.join(folder, 'rooms.csv');
  const rows = Array.from({ length: 64 }, (_, index) => {
    const label = index % 2 === 0 ? 'light' : 'music';
    return `${label === 'light' ? 'turn on the lamp' : 'play a song'} ${subjects[index % 4]} ${index},${label}`;
  });
  await writeFile(file, `text,label\n${rows.join('\n')}\n`);
  const model = await client.models.import({ path: encoderFolder });
  const dataset = await client.datasets.import({
    files: [{ path: file }],
    mapping: { roles: { text: 'text', label: 'label' } },
    validationShare: 0.25,
    testShare: 0.25,
  });
  return {
    modelId: model.id,
    datasetId: dataset.id,
    task: 'classification',
    objective: { maximumLength: 16 },
    method: { id: 'lora', options: { rank: 4 } },
    training: { epochs: 2, batchSize: 8, learningRate: 5e-3 },
  };
}

/** A causal language model run over a few questions and answers. */
export async function generationConfig(client: HostClient, folder: string): Promise<RunConfig> {
  const file = path.join(folder, 'answers.jsonl');
  const lines = Array.from({ length: 16 }, (_, index) =>
    JSON.stringify({ question: `How many is ${index}?`, answer: `It is ${index}.` }),
  );
  await writeFile(file, `${lines.join('\n')}\n`);
  const model = await client.models.import({ path: decoderFolder });
  const dataset = await client.datasets.import({
    files: [{ path: file }],
    mapping: { roles: { prompt: 'question', completion: 'answer' } },
    validationShare: 0.25,
  });
  return {
    modelId: model.id,
    datasetId: dataset.id,
    task: 'causalLm',
    objective: {},
    method: { id: 'lora', options: { rank: 2 } },
    training: { maximumSteps: 3, batchSize: 4 },
  };
}

/** Follows a run's events until one of them is the last of this kind; returns all up to there. */
export async function eventsUntil(
  client: HostClient,
  runId: string,
  wanted: RunEventBody['event'],
  after = 0,
): Promise<RunEvent[]> {
  const abort = new AbortController();
  const seen: RunEvent[] = [];
  try {
    for await (const event of await client.runs.events({ runId, after }, { signal: abort.signal })) {
      seen.push(event);
      if (event.body.event === wanted) return seen;
    }
  } finally {
    abort.abort();
  }
  throw new Error(`The events ended before "${wanted}".`);
}
