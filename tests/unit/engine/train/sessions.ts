/** Whole runs in tests: each test has a folder of its own and leaves no tensor behind. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import type { TrainJob } from '../../../../src-main/contract/worker.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import {
  type TrainingRemote,
  createTrainingControl,
  runTraining,
} from '../../../../src-main/engine/index.ts';
import { createEngineFiles } from '../../../../src-main/platform/engineFiles.ts';
import { loadTestBackend } from '../testBackend.ts';

export const files = createEngineFiles();
export let backend: Backend;
/** Of the test that runs now. */
export let folder: string;

/** Makes `backend` and `folder` there for every test of the file. */
export function setUpSessions(): void {
  let handles = 0;
  beforeAll(async () => {
    backend = await loadTestBackend();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebench-session-'));
    handles = backend.liveHandles;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    expect(backend.liveHandles).toBe(handles);
  });
}

export type OnEvent = (event: RunEventBody, control: TrainingRemote) => void;

/** Runs a job to its end, whatever that is; `on` hears every event and may steer. */
export async function train(job: TrainJob, on: OnEvent = () => undefined, chosen = backend) {
  const events: RunEventBody[] = [];
  const control = createTrainingControl();
  const outcome = await runTraining({
    job,
    backend: chosen,
    files,
    control,
    memory: { currentBytes: () => 1000, peakBytes: () => 2000 },
    emit(event) {
      events.push(event);
      on(event, control);
    },
  });
  return { events, outcome };
}

/** Stops a run when so many updates are done. */
export function stopAfter(step: number): OnEvent {
  return (event, control) => {
    if (event.event === 'stepped' && event.step === step) control.stop();
  };
}

export function eventsOf<Name extends RunEventBody['event']>(events: readonly RunEventBody[], name: Name) {
  return events.filter((event): event is Extract<RunEventBody, { event: Name }> => event.event === name);
}

/** The bytes of every weight file of the result. */
export function resultBytes({ runFolder }: TrainJob): Record<string, string> {
  const result = join(runFolder, 'result');
  const names = readdirSync(result).filter((name) => name.endsWith('.safetensors'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(result, name)).toString('base64')]));
}
