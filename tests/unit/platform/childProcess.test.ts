import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WorkerMessage } from '../../../src-main/contract/worker.ts';
import { startWorker } from '../../../src-main/platform/childProcess.ts';
import { type NodeLauncherOptions, nodeLauncher } from '../../../src-main/platform/nodeLauncher.ts';

const entryPath = join(import.meta.dirname, 'fixtures', 'worker.ts');

/** Starts the test's worker, gives it orders, and returns what it said and how it ended. */
function startTestWorker(launcherOptions: Partial<NodeLauncherOptions> = {}) {
  const messages: WorkerMessage[] = [];
  const logged: string[] = [];
  let onFirst: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  const worker = startWorker({
    launcher: nodeLauncher({ entryPath, ...launcherOptions }),
    onMessage(message) {
      messages.push(message);
      onFirst();
    },
    onErrorOutput: (text) => logged.push(text),
  });
  onTestFinished(() => worker.kill());
  const order = (...texts: string[]) =>
    worker.send({
      kind: 'predict',
      id: 7,
      model: { modelFolder: '/', task: 'classification' },
      rows: texts.map((text) => ({ text })),
    });
  return { worker, messages, answered, order, logged };
}

test('answers come back typed, and a worker that ends by itself is no problem', async () => {
  const { worker, messages, answered, order } = startTestWorker();
  order('hello');
  await answered;
  worker.send({ kind: 'stop' });
  const exit = await worker.exited;
  expect(messages).toEqual([
    {
      kind: 'predicted',
      id: 7,
      predictions: [{ form: 'labels', labels: [{ label: 'hello', probability: 1 }] }],
    },
  ]);
  expect(exit).toMatchObject({ how: 'ended', code: 0, problem: undefined });
  worker.send({ kind: 'stop' });
  worker.kill();
});

test('nothing a worker said before it ended is lost', async () => {
  const { worker, messages, order } = startTestWorker();
  order('lastWords');
  await worker.exited;
  expect(messages).toHaveLength(501);
  expect(messages.at(-1)).toEqual({ kind: 'done', id: 7 });
});

test.each([
  ['abort', 'crashed', 'SIGABRT', /SIGABRT/],
  ['throw', 'crashed', null, /exit 1/],
  ['killed', 'killedBySystem', 'SIGKILL', /want of memory/],
  ['nonsense', 'brokeProtocol', 'SIGKILL', /kind: /],
] as const)('order "%s" ends as %s', async (what, how, signal, message) => {
  const { worker, order, logged } = startTestWorker();
  order(what);
  const exit = await worker.exited;
  expect(exit).toMatchObject({ how, signal });
  expect(exit.problem?.message).toMatch(message);
  if (what === 'throw') expect(exit.errorOutput).toContain('an error nobody caught');
  if (what === 'abort') expect(logged.join('')).toContain('and aborted');
});

test('a worker the host ends is no crash', async () => {
  const { worker, answered, order } = startTestWorker();
  order('hello');
  await answered;
  worker.kill();
  expect(await worker.exited).toMatchObject({ how: 'killedByHost', problem: undefined });
});

test('a worker that cannot be started at all is reported, not thrown', async () => {
  const { worker, order } = startTestWorker({ nodePath: '/absent/node' });
  order('hello');
  const exit = await worker.exited;
  expect(exit.how).toBe('crashed');
  expect(exit.problem?.message).toContain('ENOENT');
});

test('a request outside the contract ends the worker', async () => {
  const { worker } = startTestWorker();
  // A host of another version could send this.
  worker.send(JSON.parse('{"kind":"dance"}'));
  expect(await worker.exited).toMatchObject({ how: 'crashed', code: 1 });
});

test('a worker whose host is killed does not stay behind', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const connected = once(server, 'connection');
  const host = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'workerHost.ts')], {
    env: { ...process.env, TUNEBENCH_TEST_PORT: String(address.port) },
    stdio: 'ignore',
  });
  const [socket] = (await connected) as [Socket];
  const workerEnded = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.resume();
  host.kill('SIGKILL');
  await workerEnded;
});
