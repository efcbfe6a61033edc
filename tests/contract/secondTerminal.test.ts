import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { connectLocalLine } from '../../src-main/hosts/localLine.ts';
import { type Host, applicationFolder, openHost } from '../../src-main/hosts/openHost.ts';
import type { SystemInfo } from '../../src-main/contract/system.ts';
import { classificationConfig } from './runFixtures.ts';
import { ScriptedWorker } from './scriptedWorker.ts';
import { makeTestFolder } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let worker: ScriptedWorker;
let host: Host | undefined;
const home = () => path.join(folder.path, 'home');

beforeEach(async () => {
  folder = await makeTestFolder();
  worker = new ScriptedWorker();
});
afterEach(async () => {
  worker.exit(0, null);
  await host?.close();
  await folder.remove();
});

/** A host with a run in training, as a window, a server or a terminal has it. */
async function training(kind: SystemInfo['host']) {
  host = await openHost({
    host: kind,
    adoptQueuedRuns: true,
    dataFolder: home(),
    launcher: () => worker.launched(),
  });
  const client = host.dispatcher.client();
  const { id } = await client.runs.start(await classificationConfig(client, folder.path));
  await worker.asked('train');
  worker.prepare();
  worker.step(1);
  return { client, id };
}

const run = promisify(execFile);
const failureSchema = z.object({ code: z.number(), stderr: z.string() });

/** The command line as a program of its own, beside the host. */
async function terminal(...words: string[]): Promise<{ code: number; out: string }> {
  const entry = path.join(applicationFolder, 'src-main', 'hosts', 'cli', 'main.ts');
  const env = { ...process.env, TUNEBENCH_HOME: home(), LANG: 'en_US.UTF-8', LC_ALL: '' };
  try {
    return { code: 0, out: (await run(process.execPath, [entry, ...words], { env })).stdout };
  } catch (error) {
    const { code, stderr } = failureSchema.parse(error);
    return { code, out: stderr };
  }
}

test('a second terminal steers a run of the host that has the data folder open', async () => {
  const { client, id } = await training('server');
  const steered = await terminal('runs', 'steer', id, '--learning-rate', '0.01', '--checkpoint', '--json');
  expect(JSON.parse(steered.out)).toMatchObject({ id, status: 'running' });
  const changes = worker.requests.flatMap((request) => (request.kind === 'steer' ? [request.change] : []));
  expect(changes).toEqual([{ kind: 'learningRate', learningRate: 0.01 }, { kind: 'checkpoint' }]);
  expect(await terminal('runs', 'pause', id)).toMatchObject({ code: 0 });
  await worker.asked('pause');
  worker.tell({ event: 'paused', step: 1 });
  expect((await client.runs.get({ id })).status).toBe('paused');
  expect(await terminal('runs', 'continue', id)).toMatchObject({ code: 0 });
  await worker.asked('continue');
  worker.tell({ event: 'steered', id: 'a', step: 1, change: { kind: 'learningRate', learningRate: 0.01 } });
  expect((await terminal('runs', 'show', id)).out).toContain('step 1: learning rate set to 0.01');
});

test('a training in another terminal is steered, but takes on no other work', async () => {
  const { id } = await training('cli');
  expect(await terminal('runs', 'stop', id)).toMatchObject({ code: 0 });
  await worker.asked('stop');
  const refused = await terminal('runs', 'replay', id);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.out).toContain('is using the data folder');
});

test('a line carries long messages and failures whole, and ends with its host', async () => {
  const { client, id } = await training('server');
  const notes = '긴 메모 '.repeat(20_000);
  const line = await connectLocalLine(home());
  await line?.client.runs.annotate({ id, change: { notes } });
  expect((await client.runs.get({ id })).notes).toBe(notes);
  expect((await line?.client.runs.get({ id }))?.notes).toBe(notes);
  await expect(line?.client.runs.get({ id: 'absent' })).rejects.toMatchObject({ code: 'FAILED' });
  const pending = line?.client.runs.events({ runId: id, after: 1_000_000 }).then((events) => events.next());
  worker.exit(0, null);
  await Promise.all([expect(pending).rejects.toThrow(), host?.close()]);
  host = undefined;
  expect(await connectLocalLine(home())).toBeUndefined();
  line?.close();
});
