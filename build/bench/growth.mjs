/** Whether cost grows as it should: time with rows and tokens, memory not at all with steps, and how soon a run begins. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './figures.mjs';
import { runOwn, startOwn } from './programs.mjs';
import { listRows } from './rows.mjs';
import { gpt2Small } from './shapes.mjs';
import { withWorkFolder } from './workFolder.mjs';

/** @typedef {import('../../tests/bench/plan.ts').BenchPlan} BenchPlan */
/** @typedef {import('./rows.mjs').Work} Work */
/** @typedef {{ size: number, milliseconds: number }} Point */
/**
 * @typedef {object} MemoryCourse
 * @property {number} firstStep @property {number} firstHandles @property {number} firstBytes
 * @property {number} lastStep @property {number} lastHandles @property {number} lastBytes
 */
/**
 * What a run does besides computing, in row B, which trains most weights.
 * @typedef {{ rows: number, tokenisingMs: number, collatingMs: number, checkpointMs: number, checkpointBytes: number }} Besides
 */
/** @typedef {{ rows: Point[], tokens: Point[], memory: MemoryCourse, firstStepMs: number, besides: Besides }} Growth */

const factors = [1, 4, 16];

/**
 * Prepares a plan and hands its running program to `body`.
 * @template Result
 * @param {Work} work @param {number} maximumSteps
 * @param {(start: () => import('./contestant.mjs').Contestant) => Promise<Result>} body
 * @returns {Promise<Result>}
 */
function withPlan(work, maximumSteps, body) {
  return withWorkFolder(async (folder) => {
    const planPath = join(folder, 'plan.json');
    /** @type {BenchPlan} */
    const plan = { ...work, startMethod: null, row: 'growth', maximumSteps, seed: 0, workFolder: folder };
    writeFileSync(planPath, JSON.stringify(plan));
    await runOwn('prepare', planPath);
    return body(() => startOwn('train', '--plan', planPath, '--precision', 'float32'));
  });
}

/** @param {import('./contestant.mjs').Contestant} program @param {number} warmup @param {number} steps */
async function timeSteps(program, warmup, steps) {
  try {
    await program.next();
    if (warmup > 0) await program.take(warmup);
    const { milliseconds } = await program.take(steps);
    return Number(milliseconds);
  } finally {
    await program.end();
  }
}

/** @param {Work} work @returns {Promise<Point[]>} */
async function growRows(work) {
  /** @type {Point[]} */
  const points = [];
  for (const factor of factors) {
    const rows = 96 * factor;
    const data =
      work.data.kind === 'banking77'
        ? { ...work.data, trainRows: rows }
        : { kind: /** @type {const} */ ('requests'), rows, labels: 77 };
    const steps = rows / work.batchSize;
    const milliseconds = await withPlan({ ...work, data }, 0, (start) => timeSteps(start(), 0, steps));
    points.push({ size: rows, milliseconds });
  }
  return points;
}

/** @returns {Promise<Point[]>} */
async function growTokens() {
  const config = { ...gpt2Small, n_embd: 384, n_layer: 6, vocab_size: 8192 };
  /** @type {Point[]} */
  const points = [];
  for (const factor of factors) {
    const tokens = 32 * factor;
    /** @type {Work} */
    const work = {
      task: 'causalLm',
      model: { kind: 'random', config, type: 'F32' },
      data: { kind: 'texts', rows: 64, tokens },
      method: { id: 'lora', options: { rank: 8, targets: ['c_attn'] } },
      startMethod: null,
      maximumLength: tokens,
      batchSize: 8,
      accumulation: 1,
      learningRate: 1e-4,
      training: {},
      epochs: 1,
    };
    const milliseconds = await withPlan(work, 0, (start) => timeSteps(start(), 2, 4));
    points.push({ size: tokens, milliseconds });
  }
  return points;
}

/** @param {Work} work @returns {Promise<MemoryCourse>} */
function watchMemory(work) {
  const [firstStep, lastStep] = [100, 1000];
  return withPlan({ ...work, batchSize: 4 }, lastStep, async (start) => {
    const program = start();
    try {
      await program.next();
      const first = await program.take(firstStep);
      const last = await program.take(lastStep - firstStep);
      const handles = (/** @type {import('./contestant.mjs').Message} */ { handles: list }) =>
        Number(/** @type {number[]} */ (list).at(-1));
      return {
        firstStep,
        firstHandles: handles(first),
        firstBytes: Number(first.memoryBytes),
        lastStep,
        lastHandles: handles(last),
        lastBytes: Number(last.memoryBytes),
      };
    } finally {
      await program.end();
    }
  });
}

/** From the start of the process to the end of the first step, data of the whole row. @param {Work} work */
function timeFirstStep(work) {
  return withPlan(work, 0, async (start) => {
    /** @type {number[]} */
    const times = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const program = start();
      try {
        await program.next();
        const { sinceStartMs } = await program.take(1);
        times.push(Number(sinceStartMs));
      } finally {
        await program.end();
      }
    }
    return median(times);
  });
}

/** @param {Work} work @returns {Promise<Besides>} */
function measureBesides(work) {
  return withWorkFolder(async (folder) => {
    const planPath = join(folder, 'plan.json');
    /** @type {BenchPlan} */
    const plan = { ...work, startMethod: null, row: 'growth', maximumSteps: 0, seed: 0, workFolder: folder };
    writeFileSync(planPath, JSON.stringify(plan));
    await runOwn('prepare', planPath);
    return JSON.parse(await runOwn('besides', planPath));
  });
}

/** @param {import('./rows.mjs').Material} material @returns {Promise<Growth>} */
export async function measureGrowth(material) {
  const trainings = listRows(material).flatMap((row) => (row.kind === 'training' ? [row] : []));
  const row = trainings.find(({ id }) => id === 'A');
  const largest = trainings.find(({ id }) => id === 'B');
  if (row === undefined || largest === undefined) throw new Error('Rows A and B are trainings.');
  return {
    rows: await growRows(row.work),
    tokens: await growTokens(),
    memory: await watchMemory(row.work),
    firstStepMs: await timeFirstStep(row.work),
    besides: await measureBesides(largest.work),
  };
}
