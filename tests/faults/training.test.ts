import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TunebenchError } from '../../src-main/contract/errors/index.ts';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import type { TrainJob } from '../../src-main/contract/worker.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { type EngineFiles, createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
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

async function train(job: TrainJob, files: EngineFiles = createEngineFiles()) {
  const events: RunEventBody[] = [];
  const outcome = await runTraining({
    job,
    backend,
    files,
    control: createTrainingControl(),
    memory: { currentBytes: () => 0, peakBytes: () => 0 },
    emit: (event) => events.push(event),
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

describe('a full disk', () => {
  const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  it('at the i-th change, for every i: one sentence, older checkpoints intact, the same end', async () => {
    const outcomes = new Set<string>();
    const unbroken = tinyJob('short', short);
    await train(unbroken);
    for (let failing = 1; ; failing++) {
      const job = tinyJob(`full-${failing}`, short);
      let changes = 0;
      // Full from this change on: whatever frees no space fails.
      const fileSystem = countingFileSystem(nodeFileSystem, (operation) => {
        changes++;
        if (changes >= failing && operation !== 'remove') throw full();
      });
      let fired = true;
      try {
        const { outcome, events } = await train(job, createEngineFiles(fileSystem));
        fired = outcome !== 'completed';
        outcomes.add(outcome);
        const last = events.at(-1);
        if (outcome === 'interrupted') {
          expect(last?.event === 'interrupted' && last.problem.code).toBe('run.checkpointFailed');
        }
      } catch (error) {
        outcomes.add(error instanceof TunebenchError ? error.code : String(error));
      }
      if (!fired) break;
      const checkpoints = join(job.runFolder, 'checkpoints');
      const files = createEngineFiles();
      if (files.exists(checkpoints)) {
        const whole = files.list(checkpoints).filter((name) => files.verifyFolder(join(checkpoints, name)));
        expect(whole).toEqual(files.list(checkpoints));
      }
      const { outcome } = await train({ ...job, resume: true });
      expect(outcome).toBe('completed');
      expect(resultBytes(job)).toBe(resultBytes(unbroken));
      rmSync(join(folder, `full-${failing}`), { recursive: true });
    }
    expect([...outcomes].sort()).toEqual(['completed', 'interrupted', 'platform.diskFull']);
  }, 300_000);

  it('leaves no pieces behind where a run went on and ended', async () => {
    const job = tinyJob('tidy', short);
    let changes = 0;
    const fileSystem = countingFileSystem(nodeFileSystem, () => {
      changes++;
      if (changes === 20) throw full();
    });
    await train(job, createEngineFiles(fileSystem));
    await train({ ...job, resume: true });
    const names = [...readdirSync(job.runFolder), ...readdirSync(join(job.runFolder, 'checkpoints'))];
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
