import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import type { HostClient } from '../../src-main/rpc/dispatcher.ts';
import { namedStream } from '../../src-main/engine/data/random.ts';
import { filesBelow } from '../../src-main/platform/files.ts';
import { connectTo } from '../support/connect.ts';
import { BusyPerson } from './busyPerson.ts';
import { buildFailingCalls, canFailCalls, createFaultControl, type FaultControl } from './failingCalls.ts';
import { type ServerProcess, startServerProcess, untilGone } from './serverProcess.ts';

// The promise: kill -9 of the host or of the training process, at any moment, loses nothing that was acknowledged, and
// the run ends with the bytes of one that was never broken.

/** So many kills; TUNEBENCH_CRASH_POINTS=200 for the long form. TUNEBENCH_CRASH_SEED chooses other moments. */
const asked = process.env['TUNEBENCH_CRASH_POINTS'];
const kills = Number(asked ?? 3);
const random = namedStream(Number(process.env['TUNEBENCH_CRASH_SEED'] ?? 1), 'kills', 0);
let drawn = 0;
const upTo = (limit: number) => random.integer(drawn++, limit);

const training = { epochs: 5, checkpointEverySteps: 3 };
/** A run tells of about this much. */
const mostEvents = 30;

let folder: string;
let home: string;
let faults: FaultControl;
let server: ServerProcess | undefined;
const environment: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunebench-kills-'));
  home = join(folder, 'home');
  faults = createFaultControl(buildFailingCalls(folder), join(folder, 'plan'), home);
  // Every start reads the same sources: compiled once, which a host keeps where it ends by itself, they make hundreds
  // of starts affordable.
  Object.assign(environment, faults.environment, { NODE_COMPILE_CACHE: join(folder, 'compiled') });
});
afterAll(async () => {
  server?.kill();
  await server?.exited;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function checkDatabase(): void {
  const database = new Database(join(home, 'tunebench.sqlite'));
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  database.close();
}

/** What a run left that tells whether it was ever broken: its weights, and every point of its loss. */
async function trace(client: HostClient, runId: string) {
  const path = join(home, 'runs', runId, 'result', 'adapter_model.safetensors');
  const [loss] = await client.runs.series({ id: runId, metrics: ['train.loss'], maximumPoints: 1000 });
  return {
    weights: readFileSync(path).toString('base64'),
    loss: loss?.points.map(({ step, last }) => [step, last]),
  };
}

/** Follows a run and tells of each event; resolves where it is over, or where nothing more can be heard. */
async function follow(
  client: HostClient,
  runId: string,
  onEvent: (body: RunEventBody) => void,
): Promise<void> {
  const { lastSequence, status } = await client.runs.get({ id: runId });
  if (status === 'completed') return;
  for await (const { body } of await client.runs.events({ runId, after: lastSequence })) {
    onEvent(body);
    if (body.event === 'finished' || body.event === 'interrupted' || body.event === 'failed') return;
  }
}

/** Whether the host is still there. */
async function answers(client: HostClient): Promise<boolean> {
  return client.system.settings({}).then(
    () => true,
    () => false,
  );
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** One blow: when it falls, counted in events of the run and then in milliseconds, and on whom. */
interface Blow {
  readonly target: 'host' | 'worker' | 'call';
  readonly afterEvents: number;
  readonly thenMs: number;
  /** The call to the disk at which whoever makes it dies, counted from then. */
  readonly atCall: number;
}

/** Lets host and training process work until the blow falls, or the run is over before. */
async function strike(
  host: ServerProcess,
  client: HostClient,
  person: BusyPerson,
  runId: string,
  blow: Blow,
) {
  await person.doSomething(client);
  let over = false;
  let phase = 'queued';
  let workers: number[] = [];
  let struck: Promise<void> | undefined;
  let interrupted = false;
  const fall = async () => {
    await new Promise((resolve) => setTimeout(resolve, blow.thenMs));
    workers = host.workers();
    if (blow.target === 'host') host.kill();
    else if (blow.target === 'call') faults.arm({ failure: 'kill', at: blow.atCall });
    else for (const pid of workers) killIfThere(pid);
  };
  let seen = 0;
  const followed = follow(client, runId, ({ event }) => {
    interrupted = event === 'interrupted';
    if (!interrupted) phase = event;
    if (++seen > blow.afterEvents) struck ??= fall();
  }).catch(() => undefined);
  if (blow.afterEvents === 0) struck = fall();
  const worked = person.work(client, () => over).catch((error: unknown) => error);
  await Promise.race([followed, host.exited]);
  over = true;
  await struck;
  const { fired } = faults.disarm();
  const atCall = blow.target === 'call' ? fired : null;
  const failure = await worked;
  const hostDied = !(await answers(client));
  if (hostDied) await host.exited;
  else if (failure !== undefined) throw failure;
  return { hostDied, broken: hostDied || interrupted, atCall, phase, workers };
}

test.skipIf(!canFailCalls)(
  'kill -9 of host and training process at random moments loses nothing that was acknowledged',
  async () => {
    server = await startServerProcess(home, environment);
    let { client, close } = await connectTo(server.url);
    const person = await BusyPerson.begin(client, folder, training);
    const unbroken = await client.runs.start({ ...person.config, name: 'unbroken' });
    await follow(client, unbroken.id, () => undefined);
    const expected = await trace(client, unbroken.id);
    await close();
    await server.stop();
    server = await startServerProcess(home, environment);
    ({ client, close } = await connectTo(server.url));
    const counts: Record<string, number> = {};
    const count = (what: string) => {
      counts[what] = (counts[what] ?? 0) + 1;
      if (asked !== undefined) process.stderr.write(`${what}\n`);
    };

    let runId: string | undefined;
    for (let done = 0; done < kills || runId !== undefined;) {
      runId ??= (await client.runs.start({ ...person.config, name: `broken ${done}` })).id;
      if ((await client.runs.get({ id: runId })).status === 'interrupted')
        await client.runs.resume({ id: runId });
      if (done < kills) {
        const { hostDied, broken, atCall, phase, workers } = await strike(server, client, person, runId, {
          target: (['host', 'worker', 'call'] as const)[upTo(3)] ?? 'host',
          afterEvents: upTo(mostEvents),
          thenMs: upTo(60),
          atCall: 1 + upTo(40),
        });
        if (hostDied) {
          checkDatabase();
          server = await startServerProcess(home, environment);
          ({ client, close } = await connectTo(server.url));
          // Without its host a training process ends by itself.
          for (const pid of workers) await untilGone(pid);
        }
        if (broken) {
          done++;
          count(`${hostDied ? 'host' : 'training process'}${atCall === null ? '' : ' at a call'}, ${phase}`);
        }
      } else await follow(client, runId, () => undefined);
      await person.check(client);
      const { status } = await client.runs.get({ id: runId });
      // One that was waiting trains already.
      expect(['queued', 'preparing', 'running', 'interrupted', 'completed']).toContain(status);
      if (status !== 'completed') continue;
      expect(await trace(client, runId)).toEqual(expected);
      count('runs with the bytes of the unbroken one');
      runId = undefined;
    }
    const left = filesBelow(join(home, 'runs')).filter(({ name }) => /\.(part|previous)(\/|$)/.test(name));
    expect(left).toEqual([]);
    expect(person.acknowledged).toBeGreaterThanOrEqual(kills);
    await close();
    if (asked !== undefined) {
      process.stdout.write(`${JSON.stringify({ acknowledged: person.acknowledged, ...counts }, null, 1)}\n`);
    }
  },
  asked === undefined ? 600_000 : 36_000_000,
);
