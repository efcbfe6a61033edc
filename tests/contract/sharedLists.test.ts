import { expect, test } from 'vitest';
import { type SharedList, sharedListSchema } from '../../src-main/contract/system.ts';
import { classificationConfig } from './runFixtures.ts';
import { scriptedLauncher } from './scriptedWorker.ts';
import { openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile({ launcher: scriptedLauncher().launcher });

test('a window hears of every list at first, then of those that somebody else has changed', async () => {
  const { client } = host;
  await client.system.saveSettings({ queuePaused: true });
  const config = await classificationConfig(client, folder.path);
  const closing = new AbortController();
  const lists = await client.system.watchLists({}, { signal: closing.signal });
  const next = async () => sharedListSchema.parse((await lists.next()).value);
  const first = [await next(), await next(), await next(), await next()];
  expect(first.sort()).toEqual(['datasets', 'models', 'runs', 'settings']);

  const { id } = await client.runs.start(config);
  expect(await next()).toBe('runs');
  const changes: [SharedList, () => Promise<unknown>][] = [
    ['runs', () => client.runs.annotate({ id, change: { name: 'renamed', tags: ['draft'] } })],
    ['runs', () => client.runs.annotate({ id, change: { archived: true } })],
    ['runs', () => client.runs.schedule({ id, notBefore: '2999-01-01T00:00:00.000Z' })],
    ['runs', () => client.runs.move({ id, place: 0 })],
    ['settings', () => client.system.saveSettings({ queueSlots: 2 })],
    ['runs', () => client.runs.stop({ id })],
    ['runs', () => client.runs.remove({ id })],
    ['runs', () => client.runs.restore({ id })],
    ['runs', () => client.runs.remove({ id })],
    ['runs', () => client.runs.emptyBin({})],
    ['datasets', () => client.datasets.remove({ id: config.datasetId })],
    ['models', () => client.models.remove({ id: config.modelId })],
  ];
  for (const [list, change] of changes) {
    await change();
    expect(await next()).toBe(list);
  }
  closing.abort();
});
