import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCardSchema } from '../../src-main/contract/runCard.ts';
import type { RunConfig } from '../../src-main/contract/runs.ts';
import { classificationConfig, eventsUntil, generationConfig } from './runFixtures.ts';
import { openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();
let decoder: RunConfig;
let watchDatasetId: string;

beforeAll(async () => {
  decoder = await generationConfig(host.client, folder.path);
  const file = path.join(folder.path, 'general.csv');
  const texts = Array.from({ length: 12 }, (_, index) => `I still have not received card number ${index}`);
  await writeFile(file, `text\n${texts.join('\n')}\n`);
  const mapping = { roles: { text: 'text' } } as const;
  watchDatasetId = (await host.client.datasets.import({ files: [{ path: file }], mapping })).id;
});

async function codesOf(config: RunConfig): Promise<string[]> {
  const { problems } = await host.client.runs.forecast(config);
  return problems.map(({ code, path: where }) => `${where} ${code}`);
}

describe('texts to watch', () => {
  test('are refused with a reason where nothing can be measured on them', async () => {
    const encoder = await classificationConfig(host.client, folder.path);
    expect(await codesOf({ ...decoder, watchDatasetId: 'gone' })).toEqual(['watchDatasetId common.notFound']);
    expect(await codesOf({ ...decoder, watchDatasetId: decoder.datasetId })).toEqual([
      'watchDatasetId run.watchIsTraining',
    ]);
    expect(await codesOf({ ...encoder, watchDatasetId })).toEqual(['watchDatasetId run.watchNoHead']);
    expect(await codesOf({ ...decoder, watchDatasetId })).toEqual([]);
  });

  test('are measured, kept with the run, and said to have been forgotten', async () => {
    const training = { maximumSteps: 12, batchSize: 4, learningRate: 1e-2, evaluateEverySteps: 6 };
    const method = { id: 'full', options: {} };
    const { id } = await host.client.runs.start({ ...decoder, method, training, watchDatasetId });
    const events = await eventsUntil(host.client, id, 'finished');
    expect(events.filter(({ body }) => body.event === 'textsMeasured')).toHaveLength(1);

    const [curve] = await host.client.runs.series({ id, metrics: ['watch.loss'] });
    expect(curve?.points.map(({ step }) => step)).toEqual([0, 6, 12]);
    const run = await host.client.runs.get({ id });
    expect(run.metrics['watch.loss']).toBeGreaterThan(curve?.points[0]?.last ?? Infinity);

    const forgotten = (await host.client.runs.advice({ id })).find(
      ({ finding }) => finding.code === 'coach.forgetting',
    );
    expect(forgotten?.changes).toEqual([{ methodId: 'lora' }, { training: { learningRate: 1e-3 } }]);

    const { text } = await host.client.runs.document({ id, document: 'card' });
    const card = runCardSchema.parse(JSON.parse(text));
    expect(card.watch?.name).toBe('general');
    const read = await host.client.runs.readCard({ text });
    expect(read).toMatchObject({ problems: [], config: { watchDatasetId } });
    const elsewhere = JSON.stringify({ ...card, watch: { name: 'other', hash: 'unknown' } });
    const lacking = await host.client.runs.readCard({ text: elsewhere });
    expect(lacking.problems).toMatchObject([{ code: 'run.cardWithoutData', path: 'watchDatasetId' }]);
    expect(lacking.config.watchDatasetId).toBeUndefined();
  });
});
