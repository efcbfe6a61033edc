/** Measures a training row: both sides in turn, window by window, at both precisions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runOwn, startOwn, startReference } from './programs.mjs';

/** @typedef {import('./contestant.mjs').Contestant} Contestant */
/** @typedef {import('./rows.mjs').TrainingRow} TrainingRow */
/** @typedef {{ milliseconds: number, losses: number[], peakMemoryBytes: number }} Window */
/** @typedef {{ windows: Window[], losses: number[], peakMemoryBytes: number, note?: string }} Side */
/** @typedef {{ own: Side, reference: Side | null }} Duel both sides at one precision */
/** @typedef {{ rows: number, tokens: number, operations: number }} Amount of work in one window */
/** @typedef {{ fp32: Duel | null, bf16: Duel | null, amounts: Amount[] }} TrainingMeasurement */

/** Processor time that a side still takes after its turn goes to nobody. */
const settleMs = 200;

/** @param {Contestant} contestant @param {number} steps @returns {Promise<Window>} */
async function measureWindow(contestant, steps) {
  await pause(settleMs);
  const { milliseconds, losses, peakMemoryBytes } = await contestant.take(steps);
  return {
    milliseconds: Number(milliseconds),
    losses: /** @type {number[]} */ (losses),
    peakMemoryBytes: Number(peakMemoryBytes),
  };
}

/** @param {Window[]} warmup @param {Window[]} windows @returns {Side} */
function toSide(warmup, windows, /** @type {string | undefined} */ note) {
  const all = [...warmup, ...windows];
  return {
    note,
    windows,
    losses: all.flatMap(({ losses }) => losses),
    peakMemoryBytes: Math.max(...all.map((window) => window.peakMemoryBytes)),
  };
}

/**
 * @param {Contestant[]} sides @param {{ warmupSteps: number, windowSteps: number, pairs: number }} rhythm
 * @returns {Promise<Side[]>}
 */
export async function measureInTurn(sides, { warmupSteps, windowSteps, pairs }) {
  /** @type {Window[][]} */
  const warmups = sides.map(() => []);
  /** @type {Window[][]} */
  const windows = sides.map(() => []);
  /** @type {(string | undefined)[]} */
  const notes = [];
  // Loading one side must not disturb the other, so each is ready and warm before the next is begun.
  for (const [index, side] of sides.entries()) {
    const { note } = await side.next();
    notes[index] = typeof note === 'string' ? note : undefined;
    if (warmupSteps > 0) warmups[index]?.push(await measureWindow(side, warmupSteps));
  }
  for (let pair = 0; pair < pairs; pair++) {
    const order = [...sides.entries()];
    // Who begins changes from pair to pair.
    if (pair % 2 === 1) order.reverse();
    for (const [index, side] of order) windows[index]?.push(await measureWindow(side, windowSteps));
  }
  return sides.map((_, index) => toSide(warmups[index] ?? [], windows[index] ?? [], notes[index]));
}

/**
 * @param {'fp32' | 'bf16'} precision @param {string} planPath @param {boolean} withReference
 * @param {{ warmupSteps: number, windowSteps: number, pairs: number }} rhythm
 * @returns {Promise<Duel>}
 */
async function duel(precision, planPath, withReference, rhythm) {
  const name = precision === 'fp32' ? 'float32' : 'bfloat16';
  const sides = [startOwn('train', '--plan', planPath, '--precision', name)];
  try {
    if (withReference) {
      sides.push(startReference('bench_train', '--plan', planPath, '--precision', precision));
    }
    const [own, reference = null] = await measureInTurn(sides, rhythm);
    if (own === undefined) throw new Error('Nothing was measured.');
    return { own, reference };
  } finally {
    for (const side of sides) await side.end();
  }
}

/** The work of each measured window, from the start both sides share. @param {string} folder */
function readAmounts(folder, /** @type {number} */ warmupSteps, /** @type {number} */ windowSteps) {
  const start = JSON.parse(readFileSync(join(folder, 'start', 'start.json'), 'utf8'));
  /** @type {number[][]} */
  const steps = start.steps.map((/** @type {number[][]} */ step) => step.flat());
  const perWindow = windowSteps || steps.length;
  /** @type {Amount[]} */
  const amounts = [];
  for (let from = warmupSteps; from + perWindow <= steps.length; from += perWindow) {
    const indices = steps.slice(from, from + perWindow).flat();
    const sum = (/** @type {(index: number) => number} */ of) =>
      indices.reduce((total, index) => total + of(index), 0);
    amounts.push({
      rows: indices.length,
      tokens: sum((index) => start.examples[index].ids.length),
      operations: sum((index) => start.operations[index]),
    });
  }
  return { amounts, stepsPerRun: steps.length };
}

/** Where nothing was counted beforehand: rows as long as they may be. @param {TrainingRow} row @returns {Amount} */
function fullBatches({ work, windowSteps }) {
  const rows = work.batchSize * work.accumulation * windowSteps;
  return { rows, tokens: rows * work.maximumLength, operations: 0 };
}

/** @param {TrainingRow} row @param {string} folder */
async function checkDisk({ freeDiskBytes = 0, id }, folder) {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= freeDiskBytes) return;
  const gib = (/** @type {number} */ bytes) => (bytes / 2 ** 30).toFixed(1);
  throw new Error(
    `row ${id} writes a model of ${gib(freeDiskBytes)} GiB and ${folder} has ${gib(bavail * bsize)} GiB left; TMPDIR names another place`,
  );
}

/**
 * @param {TrainingRow} row @param {string} folder an empty one
 * @param {{ pairs: number, withReference: boolean, precisions: ('fp32' | 'bf16')[] }} settings
 * @returns {Promise<TrainingMeasurement>}
 */
export async function measureTraining(row, folder, { pairs, withReference, precisions }) {
  await checkDisk(row, folder);
  const { warmupSteps } = row;
  const rounds = row.alone ? 1 : pairs;
  const maximumSteps = row.windowSteps === 0 ? 0 : warmupSteps + rounds * row.windowSteps;
  const plan = { ...row.work, row: row.id, maximumSteps, seed: 0, workFolder: folder };
  const planPath = join(folder, 'plan.json');
  writeFileSync(planPath, JSON.stringify(plan));
  await runOwn('prepare', planPath);
  const hasStart = row.work.startMethod !== null;
  const { amounts, stepsPerRun } = hasStart
    ? readAmounts(folder, warmupSteps, row.windowSteps)
    : { amounts: [fullBatches(row)], stepsPerRun: row.windowSteps };
  const rhythm = { warmupSteps, windowSteps: row.windowSteps || stepsPerRun, pairs: rounds };
  const compare = withReference && !row.alone;
  const measure = (/** @type {'fp32' | 'bf16'} */ precision) =>
    precisions.includes(precision) && !(row.alone && precision === 'bf16')
      ? duel(precision, planPath, compare, rhythm)
      : Promise.resolve(null);
  const fp32 = await measure('fp32');
  const bf16 = await measure('bf16');
  return { fp32, bf16, amounts };
}
