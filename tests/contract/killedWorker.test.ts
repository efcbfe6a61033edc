import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workerLauncher } from '../../src-main/hosts/openHost.ts';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { type TestHost, makeTestFolder, openTestHost } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
let newestProcess = 0;

beforeAll(async () => {
  folder = await makeTestFolder();
  const launch = workerLauncher();
  host = await openTestHost({
    folder: folder.path,
    launcher: () => {
      const launched = launch();
      newestProcess = launched.pid ?? 0;
      return launched;
    },
  });
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

function resultBytes(runId: string): Buffer {
  const result = path.join(folder.path, 'home', 'runs', runId, 'result');
  return readFileSync(path.join(result, 'adapter_model.safetensors'));
}

test('a run whose process is killed goes on and ends with the same bytes as an unbroken one', async () => {
  const config = await classificationConfig(host.client, folder.path);
  const training = { ...config.training, epochs: 10, checkpointEverySteps: 3 };
  const unbroken = await host.client.runs.start({ ...config, training });
  await eventsUntil(host.client, unbroken.id, 'finished');

  const broken = await host.client.runs.start({ ...config, training });
  await eventsUntil(host.client, broken.id, 'checkpointed');
  process.kill(newestProcess, 'SIGKILL');
  const events = await eventsUntil(host.client, broken.id, 'interrupted');
  expect(await host.client.runs.get({ id: broken.id })).toMatchObject({
    status: 'interrupted',
    problems: [{ code: 'run.workerKilled' }],
  });

  await host.client.runs.resume({ id: broken.id });
  const more = await eventsUntil(host.client, broken.id, 'finished', events.at(-1)?.sequence);
  const started = more.find((event) => event.body.event === 'started');
  expect(started?.body).toMatchObject({ resumedFromStep: expect.any(Number) });
  expect(resultBytes(broken.id).equals(resultBytes(unbroken.id))).toBe(true);
});
