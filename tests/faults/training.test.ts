import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import type { TrainJob } from '../../src-main/contract/worker.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import {
  type EngineFiles,
  type TrainingRemote,
  createTrainingControl,
  runTraining,
} from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { nodeFileSystem } from '../../src-main/platform/fileSystem.ts';
import { loadTestBackend, projectRoot } from '../unit/engine/testBackend.ts';
import { makeTinyJob } from '../unit/engine/train/tinyProject.ts';
import { countingFileSystem } from './countingFileSystem.ts';

// The promise: whatever ends a training process and whenever, going on gives the bytes of a run that was never ended.

const node = join(projectRoot, 'node_modules', 'node', 'bin', 'node');
const child = join(import.meta.dirname, 'trainingChild.ts');

let backend: Backend;
let folder: string;
let expected: string;

function tinyJob(name: string, training: Record<string, number> = {}): TrainJob {
  return makeTinyJob(join(folder, name), {
    training: { batchSize: 6, maximumSteps: 10, seed: 3, checkpointEverySteps: 3, ...training },
  });
}

/** The shortest run with two checkpoints. */
const short = { maximumSteps: 3, checkpointEverySteps: 2 };

function resultBytes(job: TrainJob): string {
  return readFileSync(join(job.runFolder, 'result', 'adapter_model.safetensors')).toString('base64');
}

type On = (event: RunEventBody, control: TrainingRemote) => void;

async function train(job: TrainJob, files: EngineFiles = createEngineFiles(), on: On = () => undefined) {
  const events: RunEventBody[] = [];
  const control = createTrainingControl();
  const outcome = await runTraining({
    job,
    backend,
    files,
    control,
    memory: { currentBytes: () => 0, peakBytes: () => 0 },
    emit(event) {
      events.push(event);
      on(event, control);
    },
  });
  return { outcome, events };
}

/** Trains in a process that kills itself; whether it was killed. */
function trainAndDie(job: TrainJob, fatal: string): boolean {
  const jobPath = join(folder, 'job.json');
  writeFileSync(jobPath, JSON.stringify(job));
  const { signal, status, stderr } = spawnSync(node, [child, jobPath, fatal], { encoding: 'utf8' });
  if (signal === 'SIGKILL') return true;
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return false;
}

/** A run changes the disk at least so often. */
const changesOfRun = 58;

/** Where the process is killed: a few places, or every one up to `TUNEBENCH_CRASH_POINTS`. */
function fatalChanges(): number[] {
  const asked = Number(process.env['TUNEBENCH_CRASH_POINTS'] ?? 0);
  return asked === 0 ? [3, 14, 27, 41, changesOfRun] : Array.from({ length: asked }, (_, index) => index + 1);
}

beforeAll(async () => {
  backend = await loadTestBackend();
  folder = mkdtempSync(join(tmpdir(), 'tunebench-faults-'));
  const unbroken = tinyJob('unbroken');
  await train(unbroken);
  expected = resultBytes(unbroken);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('kill -9', () => {
  it('again and again, some events into each process: the end is the same', () => {
    const job = tinyJob('chain');
    let kills = 0;
    // Each process gets further than the last checkpoint before it, or none would ever arrive.
    for (const fatal of [2, 4, 7, 6, 9, 7]) {
      if (trainAndDie({ ...job, resume: true }, `event:${fatal}`)) kills++;
    }
    expect(kills).toBeGreaterThanOrEqual(4);
    trainAndDie({ ...job, resume: true }, '');
    expect(resultBytes(job)).toBe(expected);
  }, 120_000);

  it.each(fatalChanges())('at change %i to the disk, in the middle of saving', async (change) => {
    const job = tinyJob(`change-${change}`);
    // The last of many points lie behind the end of the run.
    expect(trainAndDie(job, `change:${change}`) || change > changesOfRun).toBe(true);
    const { outcome } = await train({ ...job, resume: true });
    expect(outcome).toBe('completed');
    expect(resultBytes(job)).toBe(expected);
  });
});

it('no checkpoint is written before all that was told is kept', async () => {
  const job = tinyJob('kept', short);
  let told = 0;
  let kept = 0;
  const tooEarly: string[] = [];
  const fileSystem = countingFileSystem(nodeFileSystem, (operation) => {
    if (operation === 'rename' && kept < told) tooEarly.push(`after ${kept} of ${told}`);
  });
  await runTraining({
    job,
    backend,
    files: createEngineFiles(fileSystem),
    control: createTrainingControl(),
    memory: { currentBytes: () => 0, peakBytes: () => 0 },
    emit(body) {
      // The test rows are measured behind the last checkpoint, and measured again by a run that goes on from it.
      if (body.event === 'stepped' || (body.event === 'evaluated' && body.split !== 'test')) told++;
    },
    async untilKept() {
      await new Promise((resolve) => setImmediate(resolve));
      kept = told;
    },
  });
  expect(kept).toBeGreaterThanOrEqual(3);
  expect(tooEarly).toEqual([]);
});

describe('a full disk', () => {
  const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const paused = (event: RunEventBody) => event.event === 'paused' && event.problem?.code === 'run.diskFull';
  const hidden = (job: TrainJob) =>
    [job.runFolder, join(job.runFolder, 'checkpoints')]
      .flatMap((each) => (existsSync(each) ? readdirSync(each) : []))
      .filter((name) => name.startsWith('.'));

  /** A disk that is full from the i-th change on, until there is room: whatever frees no space fails. */
  function fillingDisk(fillsAt: number) {
    const disk = { changes: 0, full: false };
    const fileSystem = countingFileSystem(nodeFileSystem, (operation) => {
      disk.changes++;
      if (disk.changes === fillsAt) disk.full = true;
      if (disk.full && operation !== 'remove') throw full();
    });
    return { disk, fileSystem };
  }

  it('at the i-th change, for every i: the run stands still, and goes on from memory to the same end', async () => {
    const unbroken = tinyJob('short', short);
    await train(unbroken);
    for (let fillsAt = 1; ; fillsAt++) {
      const job = tinyJob(`full-${fillsAt}`, short);
      const { disk, fileSystem } = fillingDisk(fillsAt);
      let times = 0;
      const { outcome, events } = await train(job, createEngineFiles(fileSystem), (event, control) => {
        if (!paused(event)) return;
        // Nothing half-written lies about while it waits; told to go on too early, it says so again.
        expect(hidden(job)).toEqual([]);
        disk.full = ++times < 2;
        setImmediate(() => control.continue());
      });
      expect(outcome).toBe('completed');
      expect(resultBytes(job)).toBe(resultBytes(unbroken));
      rmSync(join(folder, `full-${fillsAt}`), { recursive: true });
      if (disk.changes < fillsAt) break;
      expect(events.filter(paused)).toHaveLength(2);
      const step = events.find(paused);
      expect(events.filter(({ event }) => event === 'resumed')).toEqual([
        { event: 'resumed', step: step?.event === 'paused' ? step.step : -1 },
      ]);
    }
  }, 300_000);

  it('goes on by itself once as many bytes are free as it said to need', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const job = tinyJob('room', short);
    const { disk, fileSystem } = fillingDisk(8);
    let freeBytes = 1_000;
    const files = { ...createEngineFiles(fileSystem), freeBytes: () => freeBytes };
    const { outcome, events } = await train(job, files, (event) => {
      if (!paused(event)) return;
      setImmediate(() => {
        freeBytes = 2_000;
        vi.advanceTimersByTime(60_000);
        disk.full = false;
        freeBytes = 1_000_000;
        vi.advanceTimersByTime(2_000);
      });
    });
    expect(outcome).toBe('completed');
    const problem = events.flatMap((event) => (event.event === 'paused' ? (event.problem ?? []) : []))[0];
    const [written] = events.flatMap((event) => (event.event === 'checkpointed' ? event.sizeBytes : []));
    expect(problem?.params).toMatchObject({
      folder: join(job.runFolder, 'checkpoints', 'step-00000002'),
      free: '1.0 kB',
    });
    // The list of hashes comes on top.
    expect(parseFloat(String(problem?.params['needed'])) * 1000).toBeGreaterThan(0.8 * (written ?? Infinity));
  });

  it('told to stop meanwhile, a run ends with a sentence and is resumed from the checkpoint before', async () => {
    const job = tinyJob('given up');
    let saved = false;
    const fileSystem = countingFileSystem(nodeFileSystem, (operation) => {
      if (saved && operation !== 'remove') throw full();
    });
    const { outcome, events } = await train(job, createEngineFiles(fileSystem), (event, control) => {
      if (event.event === 'checkpointed') saved = true;
      if (paused(event)) setImmediate(() => control.stop());
    });
    expect(outcome).toBe('interrupted');
    const last = events.at(-1);
    expect(last?.event === 'interrupted' && last.problem.code).toBe('run.endedWithoutRoom');
    const again = await train({ ...job, resume: true });
    expect(again.events[0]).toMatchObject({ resumedFromStep: 3 });
    expect(hidden(job)).toEqual([]);
    expect(resultBytes(job)).toBe(expected);
  });
});
