import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import { createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { loadBenchBackend } from './benchBackend.ts';
import { peakMemoryBytes, report, waitForTurn } from './gate.ts';
import { jobOf, readPlan } from './plan.ts';

/**
 * This engine's side of a row: `train.ts --plan plan.json --precision float32`. Trains as a run of the product does and
 * stops between steps for the other side. A window that asks for more steps than the run has starts it again.
 */
const { values: flags } = parseArgs({
  options: { plan: { type: 'string', default: '' }, precision: { type: 'string', default: 'float32' } },
});
const plan = readPlan(flags.plan);
const job = jobOf(plan, plan.method, flags.precision);
const backend = await loadBenchBackend();

/** What is being measured: from a turn to its last step. */
let startMs = 0;
let remaining = 0;
let untilEnd = false;
let losses: number[] = [];
let handles: number[] = [];

function startWindow(): void {
  startMs = performance.now();
  losses = [];
  handles = [];
}

function takeTurn(): void {
  const turn = waitForTurn();
  untilEnd = turn.kind === 'finish';
  remaining = turn.kind === 'steps' ? turn.count : Infinity;
  startWindow();
}

function reportWindow(more: object = {}): void {
  const nowMs = performance.now();
  report({
    milliseconds: nowMs - startMs,
    sinceStartMs: nowMs,
    losses,
    handles,
    memoryBytes: process.memoryUsage.rss(),
    peakMemoryBytes: peakMemoryBytes(),
    ...more,
  });
}

let isFirstRun = true;
function watch(event: RunEventBody): void {
  if (event.event === 'noted') process.stderr.write(`${event.problem.message}\n`);
  if (event.event === 'prepared') {
    if (isFirstRun) {
      report({ ready: true, trainable: event.trainableParameters });
      takeTurn();
    } else startWindow();
    isFirstRun = false;
  }
  if (event.event === 'stepped') {
    losses.push(event.metrics['loss'] ?? NaN);
    handles.push(backend.liveHandles);
    if (--remaining > 0) return;
    reportWindow();
    takeTurn();
  }
  if (event.event === 'finished' && untilEnd) {
    reportWindow({ rowsPerSecond: event.rowsPerSecond, accuracy: event.metrics['test']?.['accuracy'] });
  }
}

try {
  do {
    await runTraining({
      job,
      backend,
      files: createEngineFiles(),
      control: createTrainingControl(),
      memory: { currentBytes: () => process.memoryUsage.rss(), peakBytes: peakMemoryBytes },
      emit: watch,
    });
  } while (!untilEnd);
} finally {
  rmSync(job.runFolder, { recursive: true, force: true });
}
