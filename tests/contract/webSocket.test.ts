import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunEvent } from '../../src-main/contract/events.ts';
import { type RunningServer, startServer } from '../../src-main/hosts/server/startServer.ts';
import { connectTo } from '../support/connect.ts';
import { classificationConfig } from './runFixtures.ts';
import { type ScriptedWorker, scriptedLauncher } from './scriptedWorker.ts';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
let server: RunningServer;
const workers = scriptedLauncher();

beforeAll(async () => {
  folder = await makeTestFolder();
  host = await openTestHost({ folder: folder.path, launcher: workers.launcher });
  server = await startServer({
    address: '127.0.0.1',
    port: 0,
    staticFolder: folder.path,
    uploadLimitBytes: 8 * 1024 * 1024,
    accept: (socket) => host.dispatcher.serveSocket(socket),
  });
});
afterAll(async () => {
  await server.close();
  await host.close();
  await folder.remove();
});

const connect = () => connectTo(server.url);

test('answers calls, carries files, and fails in the words of the contract', async () => {
  const line = await connect();
  expect((await line.client.system.info({})).host).toBe('server');
  const bytes = new Uint8Array(3 * 1024 * 1024).map((_, index) => index % 251);
  const kept = await line.client.files.upload({ name: 'large.csv', content: new File([bytes], 'large.csv') });
  const listing = await line.client.files.list({ path: kept.path.replace(/\/[^/]+$/, '') });
  expect(listing.entries).toMatchObject([{ name: 'large.csv', sizeBytes: bytes.byteLength }]);
  expect(await codesOfCall(line.client.runs.get({ id: 'nobody' }))).toEqual(['run.notFound']);
  await line.close();
});

test('a watcher that loses its line misses nothing and sees nothing twice', async () => {
  const config = await classificationConfig(host.client, folder.path);
  const run = await host.client.runs.start(config);
  const worker: ScriptedWorker = await workers.next();
  await worker.asked('train');
  worker.prepare();

  const seen: RunEvent[] = [];
  for (let round = 0; round < 3; round++) {
    const line = await connect();
    const after = seen.at(-1)?.sequence ?? 0;
    const events = await line.client.runs.events({ runId: run.id, after });
    worker.tell({ event: 'checkpointed', step: round * 2, sizeBytes: 1 });
    for await (const event of events) {
      seen.push(event);
      if (event.body.event === 'checkpointed') break;
    }
    await line.close();
    // While nobody watches.
    worker.tell({ event: 'checkpointed', step: round * 2 + 1, sizeBytes: 1 });
  }
  worker.finish('completed', 4);
  const line = await connect();
  for await (const event of await line.client.runs.events({ runId: run.id, after: seen.at(-1)?.sequence })) {
    seen.push(event);
    if (event.body.event === 'finished') break;
  }
  await line.close();
  const steps = seen.flatMap((event) => (event.body.event === 'checkpointed' ? [event.body.step] : []));
  expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
  const sequences = seen.map((event) => event.sequence);
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
});

test('watches of jobs and events end with their line', async () => {
  const line = await connect();
  const jobs = await line.client.jobs.watch({});
  const first = await jobs.next();
  expect(first.done).toBe(false);
  const pending = jobs.next().then(
    () => 'ended',
    () => 'ended',
  );
  await line.close();
  // The peer's queue is closed with the socket; nothing waits for a host that is not there.
  expect(await pending).toBe('ended');
});
