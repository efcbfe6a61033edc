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

/** Milliseconds of each call. */
const spent = new Map<string, number[]>();
const shapeOf = new Map<number, readonly number[]>();
let isMeasuring = false;

function note(name: string, startMs: number): void {
  if (!isMeasuring) return;
  const times = spent.get(name) ?? [];
  times.push(performance.now() - startMs);
  spent.set(name, times);
}

/** Lengths that change from batch to batch as `~`. */
function describeShape(shape: readonly number[]): string {
  const varies = (length: number) => length % 64 !== 0 && length > 48;
  return `[${shape.map((length) => (varies(length) ? '~' : length)).join()}]`;
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
    const shapes = flags.shapes ? inputs.map((id) => describeShape(shapeOf.get(id) ?? [])).join(' ') : '';
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

const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
const median = quantile(stepTimes, 0.5);

interface Line {
  readonly name: string;
  readonly calls: number;
  /** Of all calls of a step. */
  readonly milliseconds: number;
  /** The same if every call took as long as the fastest tenth: without what else the machine does meanwhile. */
  readonly undisturbed: number;
}
const lines = [...spent].map(([name, times]): Line => {
  const calls = times.length / steps;
  const milliseconds = times.reduce((sum, time) => sum + time, 0) / steps;
  return { name, calls, milliseconds, undisturbed: calls * quantile(times, 0.1) };
});
const sumOf = (key: 'calls' | 'milliseconds' | 'undisturbed') =>
  lines.reduce((sum, line) => sum + line[key], 0);
const all = {
  name: 'all of these',
  calls: sumOf('calls'),
  milliseconds: sumOf('milliseconds'),
  undisturbed: sumOf('undisturbed'),
};
const write = ({ name, calls, milliseconds, undisturbed }: Line) =>
  [
    milliseconds.toFixed(2).padStart(9),
    undisturbed.toFixed(2).padStart(9),
    `${((100 * undisturbed) / all.undisturbed).toFixed(1)} %`.padStart(8),
    calls.toFixed(1).padStart(8),
    ` ${name}`,
  ].join(' ');
process.stdout.write(
  [
    `${stepTimes.length} steps: median ${median.toFixed(1)} ms, ${((1000 * plan.batchSize * plan.accumulation) / median).toFixed(0)} rows/s`,
    'each step:      ms   at best             calls',
    ...lines
      .toSorted((a, b) => b.undisturbed - a.undisturbed)
      .slice(0, 40)
      .map(write),
    write(all),
    '',
  ].join('\n'),
);
