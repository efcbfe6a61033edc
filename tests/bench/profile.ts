import { createRequire } from 'node:module';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { RunEventBody } from '../../src-main/contract/events.ts';
import { type TensorFlowBinding, createTensorFlowBackend } from '../../src-main/engine/backend/tensorflow.ts';
import { createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { readSetupRecord } from '../../src-main/platform/setupRecord.ts';
import { projectRoot } from '../../build/setup/paths.mjs';
import { jobOf, readPlan } from './plan.ts';

/**
 * Where the time of a row's training steps goes, operation by operation:
 * `profile.ts --plan plan.json [--precision bfloat16] [--steps 20] [--shapes] [--composed]`.
 */
const { values: flags } = parseArgs({
  options: {
    plan: { type: 'string', default: '' },
    precision: { type: 'string', default: 'float32' },
    steps: { type: 'string', default: '20' },
    /** Operations apart by the shapes of their inputs. */
    shapes: { type: 'boolean', default: false },
    /** Without the fused kernels. */
    composed: { type: 'boolean', default: false },
  },
});
const stepsBefore = 3;
const steps = Number(flags.steps);
const plan = readPlan(flags.plan);
const job = jobOf({ ...plan, maximumSteps: stepsBefore + steps }, plan.method, flags.precision);

const { backend: choice } = readSetupRecord(projectRoot);
if (choice.kind !== 'tensorflow') throw new Error('There is nothing to profile without the native backend.');
const require = createRequire(import.meta.url);
const native: TensorFlowBinding = require(choice.bindingPath);

interface Spent {
  calls: number;
  milliseconds: number;
}
const spent = new Map<string, Spent>();
const shapeOf = new Map<number, readonly number[]>();
let isMeasuring = false;

function note(name: string, startMs: number): void {
  if (!isMeasuring) return;
  const entry = spent.get(name) ?? { calls: 0, milliseconds: 0 };
  entry.calls++;
  entry.milliseconds += performance.now() - startMs;
  spent.set(name, entry);
}

/** The binding with a clock at each call. */
const watched: TensorFlowBinding = {
  TF_Version: native.TF_Version,
  isUsingGpuDevice: () => native.isUsingGpuDevice(),
  createTensor(shape, dtype, values) {
    const startMs = performance.now();
    const id = native.createTensor(shape, dtype, values);
    note('(from JavaScript)', startMs);
    if (flags.shapes) shapeOf.set(id, shape);
    return id;
  },
  deleteTensor(id) {
    const startMs = performance.now();
    native.deleteTensor(id);
    note('(release)', startMs);
    shapeOf.delete(id);
  },
  tensorDataSync(id) {
    const startMs = performance.now();
    const values = native.tensorDataSync(id);
    note('(to JavaScript)', startMs);
    return values;
  },
  executeOp(name, attributes, inputs, outputs) {
    const startMs = performance.now();
    const results = native.executeOp(name, attributes, inputs, outputs);
    const turned = attributes
      .filter(({ name: attribute, value }) => /transpose|adj/.test(attribute) && value === true)
      .map(({ name: attribute }) => attribute);
    const shapes = flags.shapes ? inputs.map((id) => `[${shapeOf.get(id)?.join() ?? '?'}]`).join(' ') : '';
    note([name, shapes, ...turned].join(' ').trim(), startMs);
    if (flags.shapes) for (const { id, shape } of results) shapeOf.set(id, shape);
    return results;
  },
};

const kernelsLoaded = choice.kernelsPath !== undefined && !flags.composed;
if (choice.kernelsPath !== undefined && kernelsLoaded) require(choice.kernelsPath);
const backend = createTensorFlowBackend(watched, { kernelsLoaded });

const stepTimes: number[] = [];
let lastMs = 0;
function watch(event: RunEventBody): void {
  if (event.event !== 'stepped') return;
  if (isMeasuring) stepTimes.push(performance.now() - lastMs);
  isMeasuring = event.step >= stepsBefore && event.step < event.totalSteps;
  lastMs = performance.now();
}

try {
  await runTraining({
    job,
    backend,
    files: createEngineFiles(),
    control: createTrainingControl(),
    memory: { currentBytes: () => process.memoryUsage.rss(), peakBytes: () => process.memoryUsage.rss() },
    emit: watch,
  });
} finally {
  rmSync(job.runFolder, { recursive: true, force: true });
}

const total = stepTimes.reduce((sum, time) => sum + time, 0);
const [median = 0] = stepTimes.toSorted((a, b) => a - b).slice(Math.floor(stepTimes.length / 2));
const line = (name: string, milliseconds: number, calls: number) =>
  `${(milliseconds / steps).toFixed(2).padStart(9)} ms ${((100 * milliseconds) / total).toFixed(1).padStart(5)} %` +
  ` ${(calls / steps).toFixed(1).padStart(7)} calls ${((1000 * milliseconds) / calls).toFixed(0).padStart(7)} µs  ${name}`;
const inside = [...spent.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
const calls = [...spent.values()].reduce((sum, entry) => sum + entry.calls, 0);
process.stdout.write(
  [
    `${stepTimes.length} steps: median ${median.toFixed(1)} ms, ${((1000 * plan.batchSize * plan.accumulation) / median).toFixed(0)} rows/s`,
    'each step:',
    ...[...spent]
      .toSorted((a, b) => b[1].milliseconds - a[1].milliseconds)
      .slice(0, 40)
      .map(([name, entry]) => line(name, entry.milliseconds, entry.calls)),
    line('all of these', inside, calls),
    line('JavaScript between them', total - inside, 1),
    '',
  ].join('\n'),
);
