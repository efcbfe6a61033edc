import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import { createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
import { cleanLeftovers } from '../../src-main/platform/atomicFiles.ts';
import { isDiskFull } from '../../src-main/platform/diskRoom.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { ChangeSignal } from '../../src-main/services/changeSignal.ts';
import { RunRecorder } from '../../src-main/services/runs/recorder.ts';
import { migrations } from '../../src-main/store/migrations/all.ts';
import { openStore } from '../../src-main/store/store.ts';
import { classificationConfig } from '../contract/runFixtures.ts';
import { scriptedLauncher } from '../contract/scriptedWorker.ts';
import { type TestHost, openTestHost } from '../contract/testHost.ts';
import { exampleRun, exampleSample } from '../store/fixtures/examples.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { makeTinyJob } from '../unit/engine/train/tinyProject.ts';

/** What a person, or a run, does to the disk, opened on a folder. */
interface Session {
  /** Resolves when it is acknowledged. @param makeRoom lets the disk work again, where the path waits for that */
  act(makeRoom: () => void): Promise<unknown>;
  /** Everything that can be seen of it afterwards, without what is new each time (ids, times). */
  look(): Promise<unknown>;
  close(): Promise<void>;
}

export interface DurablePath {
  /** Fills the folder as it is before. */
  prepare(folder: string): Promise<void>;
  open(folder: string): Promise<Session>;
  /** Where opening itself is what may fail: `act` then only follows. */
  readonly opening?: true;
}

const databasePath = (folder: string) => join(folder, 'home', 'tunebench.sqlite');

/** Through the whole host, with a training process that never says anything. */
function throughHost(use: {
  prepare?: (host: TestHost, folder: string) => Promise<unknown>;
  act: (host: TestHost, folder: string) => Promise<unknown>;
  look: (host: TestHost, folder: string) => Promise<unknown>;
}): DurablePath {
  const open = (folder: string) => openTestHost({ folder, launcher: scriptedLauncher().launcher });
  return {
    async prepare(folder) {
      const host = await open(folder);
      await host.client.system.saveSettings({ queuePaused: true });
      await use.prepare?.(host, folder);
      await host.close();
    },
    async open(folder) {
      const host = await open(folder);
      return {
        act: () => use.act(host, folder),
        look: () => use.look(host, folder),
        close: () => host.close(),
      };
    },
  };
}

async function lookAtQueue({ client }: TestHost, folder: string): Promise<unknown> {
  const runs = await client.runs.list({});
  const logs = await Promise.all(runs.map(({ id }) => client.runs.log({ id })));
  return {
    runs: runs.map(({ name, status, queuePosition, notBefore }) => ({
      name,
      status,
      queuePosition,
      notBefore,
    })),
    events: logs.map(({ events }) => events.map(({ body }) => body.event)),
    // A run without its job could never train, and a folder without its run would stay for ever.
    jobs: runs.every(({ id }) => existsSync(join(folder, 'home', 'runs', id, 'job.json'))),
    folders: readdirSync(join(folder, 'home', 'runs')).length,
  };
}

async function queueThree(host: TestHost, folder: string): Promise<void> {
  const config = await classificationConfig(host.client, folder);
  for (const name of ['first', 'second', 'third']) await host.client.runs.start({ ...config, name });
}

async function oneRun({ client }: TestHost, name: string) {
  const found = (await client.runs.list({})).find((run) => run.name === name);
  if (found === undefined) throw new Error(`There is no run named ${name}.`);
  return found;
}

async function openLabels(host: TestHost, folder: string): Promise<void> {
  const { datasetId } = await classificationConfig(host.client, folder);
  const { id } = await host.client.labels.open({ datasetId, task: 'single', existing: 'suggestions' });
  const target = { numbers: [1, 2, 3] };
  await host.client.labels.act({ id, action: { kind: 'note', target, note: 'before' } });
}

async function labellingId({ client }: TestHost): Promise<string> {
  return (await client.labels.list({}))[0]?.id ?? '';
}

async function lookAtLabels(host: TestHost): Promise<unknown> {
  const { client } = host;
  const id = await labellingId(host);
  const [{ state }, history, page, datasets] = await Promise.all([
    client.labels.get({ id }),
    client.labels.history({ id }),
    client.labels.page({ id, limit: 100 }),
    client.datasets.list({}),
  ]);
  return {
    byLabel: state.byLabel,
    history: history.map(({ kind, records, done }) => ({ kind, records, done })),
    records: page.records.map(({ number, status, answer, note }) => ({ number, status, answer, note })),
    datasets: datasets.map(({ name, rows }) => ({ name, rows })),
  };
}

async function lookAtDatasets({ client }: TestHost): Promise<unknown> {
  const datasets = await client.datasets.list({});
  return Promise.all(
    datasets.map(async ({ id, name, rows, versionHash }) => {
      const read = await client.datasets.rows({ id, limit: 1 });
      return { name, rows, versionHash, total: read.total };
    }),
  );
}

/** So many points lie in rows at the end of one session that the first of the next one moves some into a block. */
const packedAt = 5_120;

/** A step and what follows it, which are written together. */
const logged = (last: RunEventBody): DurablePath => ({
  async prepare(folder) {
    mkdirSync(join(folder, 'home'));
    const store = openStore(databasePath(folder));
    store.runs.insert(exampleRun);
    store.transaction(() => {
      for (let step = 1; step < packedAt; step++) store.metrics.append('run-1', step, { 'train.loss': step });
    });
    store.close();
    return Promise.resolve();
  },
  open(folder) {
    const store = openStore(databasePath(folder), { isDiskFull });
    const recorder = new RunRecorder(store, new ChangeSignal(), 'run-1');
    const told: RunEventBody[] = [
      {
        event: 'stepped',
        step: packedAt,
        totalSteps: packedAt,
        epoch: 1,
        metrics: { loss: 1, accuracy: 0.5 },
        memoryBytes: 1,
        elapsedMs: 1,
        remainingMs: 0,
      },
      last,
    ];
    return Promise.resolve({
      // What could not be written is kept and written with what comes next: nothing is to be told twice.
      act: async () => {
        for (let next = told.shift(); next !== undefined; next = told.shift()) recorder.record(next);
        recorder.flush();
        return Promise.resolve();
      },
      look: () =>
        Promise.resolve({
          step: store.runs.get('run-1')?.step,
          metrics: store.runs.get('run-1')?.metrics,
          events: store.events.readAfter({ after: 0 }).map(({ body }) => body.event),
          samples: store.samples.at('run-1', packedAt),
          points: [...store.metrics.points('run-1')].map(({ metric, steps }) => [metric, steps.length]),
        }),
      close: () => Promise.resolve(store.close()),
    });
  },
});

const migration: DurablePath = {
  opening: true,
  prepare(folder) {
    mkdirSync(join(folder, 'home'));
    const recorded = join(import.meta.dirname, '..', 'store', 'recorded', 'version-1.sqlite');
    copyFileSync(recorded, databasePath(folder));
    return Promise.resolve();
  },
  async open(folder) {
    const host = await openTestHost({ folder, launcher: scriptedLauncher().launcher });
    return {
      act: () => Promise.resolve(),
      look: async () => {
        // A piece that could not be removed goes at the next start.
        const backups = readdirSync(join(folder, 'home')).filter((name) => /\.backup\.sqlite$/.test(name));
        for (const name of backups) {
          const copy = new Database(join(folder, 'home', name), { readonly: true });
          const sound = copy.pragma('integrity_check', { simple: true });
          const version = copy.pragma('user_version', { simple: true });
          copy.close();
          if (sound !== 'ok' || version !== 1) throw new Error(`The copy ${name} is not whole.`);
        }
        const runs = await host.client.runs.list({});
        return {
          backedUp: backups.length > 0,
          runs: runs.map(({ id, status }) => [id, status]),
          datasets: await lookAtDatasets(host),
          settings: await host.client.system.settings({}),
          known: migrations.length,
        };
      },
      close: () => host.close(),
    };
  },
};

/** The training process itself: what it leaves is its checkpoints and its result. */
const checkpoint: DurablePath = {
  prepare(folder) {
    mkdirSync(join(folder, 'home'));
    makeTinyJob(join(folder, 'home'), {
      training: { batchSize: 6, maximumSteps: 3, seed: 3, checkpointEverySteps: 2 },
    });
    return Promise.resolve();
  },
  async open(folder) {
    const job = makeTinyJob(join(folder, 'home'), {
      training: { batchSize: 6, maximumSteps: 3, seed: 3, checkpointEverySteps: 2 },
    });
    // As the host does at its start.
    for (const parent of [job.runFolder, join(job.runFolder, 'checkpoints')]) {
      if (existsSync(parent)) cleanLeftovers(parent);
    }
    const backend = await loadTestBackend();
    return {
      async act(makeRoom) {
        const events: RunEventBody[] = [];
        const control = createTrainingControl();
        const outcome = await runTraining({
          job: { ...job, resume: true },
          backend,
          files: createEngineFiles(),
          control,
          memory: { currentBytes: () => 0, peakBytes: () => 0 },
          emit(event) {
            events.push(event);
            if (event.event !== 'paused') return;
            // It waits until it is told that there is room again.
            makeRoom();
            setImmediate(() => control.continue());
          },
        });
        const last = events.at(-1);
        if (outcome === 'interrupted' && last?.event === 'interrupted') throw new Error(last.problem.code);
      },
      look() {
        const files = createEngineFiles();
        const checkpoints = join(job.runFolder, 'checkpoints');
        for (const name of files.exists(checkpoints) ? files.list(checkpoints) : []) {
          if (!files.verifyFolder(join(checkpoints, name))) throw new Error(`${name} is not whole.`);
        }
        const result = join(job.runFolder, 'result');
        if (!files.exists(result)) return Promise.resolve('no result');
        const bytes = readFileSync(join(result, 'adapter_model.safetensors'));
        return Promise.resolve(createHash('sha256').update(bytes).digest('hex'));
      },
      close: () => Promise.resolve(),
    };
  },
};

/** Everything a person was told is kept. */
export const durablePaths: Readonly<Record<string, DurablePath>> = {
  'checkpoints and the result of a run': checkpoint,
  'the log of a run, with a block of its curve': logged({
    event: 'evaluated',
    step: packedAt,
    split: 'validation',
    metrics: { loss: 1 },
    best: true,
  }),
  'the samples of a run': logged({ event: 'sampled', step: packedAt, samples: [exampleSample] }),
  'labels given': throughHost({
    prepare: openLabels,
    act: async (host) =>
      host.client.labels.act({
        id: await labellingId(host),
        action: {
          kind: 'label',
          target: { numbers: [2, 3, 4] },
          answer: { kind: 'labels', labels: ['music'] },
        },
      }),
    look: lookAtLabels,
  }),
  'labels taken back': throughHost({
    prepare: openLabels,
    act: async (host) => host.client.labels.revert({ id: await labellingId(host), sequence: 0 }),
    look: lookAtLabels,
  }),
  'labels published': throughHost({
    async prepare(host, folder) {
      await openLabels(host, folder);
      const id = await labellingId(host);
      await host.client.labels.act({ id, action: { kind: 'accept', target: { filter: {} } } });
    },
    act: async (host) => host.client.labels.publish({ id: await labellingId(host), name: 'published' }),
    look: lookAtLabels,
  }),
  'a run queued': throughHost({
    prepare: (host, folder) => classificationConfig(host.client, folder),
    async act({ client }) {
      const [model] = await client.models.list({});
      const [dataset] = await client.datasets.list({});
      return client.runs.start({
        name: 'new',
        modelId: model?.id ?? '',
        datasetId: dataset?.id ?? '',
        task: 'classification',
        objective: { maximumLength: 16 },
        method: { id: 'lora', options: { rank: 4 } },
        training: { epochs: 2 },
      });
    },
    look: lookAtQueue,
  }),
  'the queue put in another order': throughHost({
    prepare: queueThree,
    act: async (host) => host.client.runs.move({ id: (await oneRun(host, 'third')).id, place: 0 }),
    look: lookAtQueue,
  }),
  'a dataset imported': throughHost({
    prepare: (host, folder) => classificationConfig(host.client, folder),
    act: ({ client }, folder) =>
      client.datasets.import({
        files: [{ path: join(folder, 'rooms.csv') }],
        mapping: { roles: { text: 'text', label: 'label' } },
        name: 'again',
      }),
    look: lookAtDatasets,
  }),
  'a backup written': throughHost({
    prepare: queueThree,
    act: ({ client }, folder) => client.system.backup({ path: join(folder, 'home', 'all.tar') }),
    look: async (host, folder) => ({
      queue: await lookAtQueue(host, folder),
      backup: existsSync(join(folder, 'home', 'all.tar')),
    }),
  }),
  'an older database brought to the newest schema': migration,
};
