import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findLabelIssues } from '../../src-main/datasets/health/confidentLearning.ts';
import { chooseDifferent } from '../../src-main/engine/probe/spread.ts';
import { opinionOfOne } from '../../src-main/engine/probe/opinion.ts';
import { crossPredict, teachAndPredict } from '../../src-main/engine/probe/teach.ts';
import { loadTextReader } from '../../src-main/engine/probe/textReader.ts';
import { createEngineFiles } from '../../src-main/platform/index.ts';
import { loadBenchBackend } from './benchBackend.ts';
import { rowsOf } from './data.ts';

/**
 * What help while labelling is worth, on Banking77 and MiniLM: `node tests/bench/labelHelp.ts --model DIR --data DIR`.
 * 1. Of 5 % of the labels that are made wrong on purpose, the share among the first N flagged rows, ours and cleanlab's on
 *    the same predictions (TUNEBENCH_PYTHON names a Python with cleanlab; without one ours alone).
 * 2. Test accuracy after 300, 600 and 1,200 labels in each order, over seeds.
 * Prints one JSON line per part. `--features FILE` keeps what the model made of the texts for the next time.
 */
const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    data: { type: 'string' },
    features: { type: 'string' },
    part: { type: 'string', default: 'reading,noise,orders' },
    strength: { type: 'string', default: '10' },
    seeds: { type: 'string', default: '0,1,2' },
  },
});
const { model: modelFolder, data: dataFolder } = flags;
if (modelFolder === undefined || dataFolder === undefined) throw new Error('--model and --data are needed.');
const parts = flags.part.split(',');
const options = { strength: Number(flags.strength), maximumSteps: 60 };
const backend = await loadBenchBackend();

/** A small generator, so that a seed always gives the same choices. */
function createRandom(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other] ?? 0, order[index] ?? 0];
  }
  return order;
}
const share = (value: number) => Math.round(value * 10_000) / 10_000;

const rows = rowsOf({ kind: 'banking77', folder: dataFolder, trainRows: 0, withTest: true }, 0);
const split = {
  train: rows.filter((row) => row.split === 'train'),
  test: rows.filter((row) => row.split === 'test'),
};
const names = [...new Set(split.train.map(({ label = '' }) => label))].sort();
const classesOf = (part: typeof rows) => part.map(({ label = '' }) => names.indexOf(label));
const labels = classesOf(split.train);
const testLabels = classesOf(split.test);

function readFeatures(): { train: Float32Array[]; test: Float32Array[] } {
  const texts = [...split.train, ...split.test].map(({ text }) => text);
  const cut = (all: readonly Float32Array[]) => ({
    train: all.slice(0, split.train.length),
    test: all.slice(split.train.length),
  });
  if (flags.features !== undefined) {
    try {
      const bytes = readFileSync(flags.features);
      const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      const width = values.length / texts.length;
      return cut(texts.map((_, row) => values.slice(row * width, (row + 1) * width)));
    } catch {
      // Not there yet: read them now.
    }
  }
  const reader = loadTextReader(createEngineFiles(), backend, {
    modelFolder: modelFolder ?? '',
    task: 'classification',
  });
  const startedAt = performance.now();
  const all = reader.read(texts);
  const seconds = (performance.now() - startedAt) / 1000;
  reader.dispose();
  console.log(JSON.stringify({ part: 'reading', texts: texts.length, seconds: Math.round(seconds) }));
  if (flags.features !== undefined) {
    const width = all[0]?.length ?? 0;
    const values = new Float32Array(all.length * width);
    all.forEach((row, index) => values.set(row, index * width));
    writeFileSync(flags.features, new Uint8Array(values.buffer));
  }
  return cut(all);
}
const features = readFeatures();

function cleanlab(given: { labels: number[]; probabilities: number[][] }): number[] | null {
  const python = process.env['TUNEBENCH_PYTHON'];
  if (python === undefined) return null;
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-noise-'));
  try {
    const [input, output] = [join(folder, 'in.json'), join(folder, 'out.json')];
    writeFileSync(input, JSON.stringify(given));
    const script = join(import.meta.dirname, '..', 'reference', 'noisy_labels.py');
    const ended = spawnSync(python, [script, input, output], { stdio: ['ignore', 'inherit', 'inherit'] });
    return ended.status === 0 ? JSON.parse(readFileSync(output, 'utf8')) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measureNoise(seed: number): void {
  const random = createRandom(seed);
  const wrong = new Set(shuffled(labels.length, random).slice(0, Math.round(labels.length / 20)));
  const given = labels.map((label, row) =>
    wrong.has(row) ? (label + 1 + Math.floor(random() * (names.length - 1))) % names.length : label,
  );
  const startedAt = performance.now();
  const taught = { rows: features.train, labels: given.map((label) => [label]), several: false };
  const crossed = crossPredict(backend, taught, names.length, options);
  const seconds = (performance.now() - startedAt) / 1000;
  const probabilities = crossed.map((row) => Array.from(row, (value) => Math.round(value * 1e8) / 1e8));
  const ours = findLabelIssues({ probabilities, labels: given }).map(({ row }) => row);
  const theirs = cleanlab({ labels: given, probabilities });
  const shareOf = (flagged: readonly number[], count: number) =>
    share(flagged.slice(0, count).filter((row) => wrong.has(row)).length / wrong.size);
  const look = (flagged: readonly number[] | null) =>
    flagged && {
      flagged: flagged.length,
      found: Object.fromEntries([250, 500, 750, 1000].map((count) => [count, shareOf(flagged, count)])),
    };
  const accuracy =
    crossed.filter((row, index) => opinionOfOne(row).classes[0] === labels[index]).length / crossed.length;
  console.log(
    JSON.stringify({
      part: 'noise',
      seed,
      wrong: wrong.size,
      seconds: Math.round(seconds),
      accuracy: share(accuracy),
      ours: look(ours),
      cleanlab: look(theirs),
      same: theirs && JSON.stringify(ours) === JSON.stringify(theirs),
    }),
  );
}

const strategies = ['random', 'score', 'margin', 'entropy', 'diversity'] as const;
const perRound = 50;
const milestones = [300, 600, 1200];

/** Accuracy at each milestone when the order decides what is labelled next, beginning with the same random hundred. */
function measureOrder(strategy: (typeof strategies)[number], seed: number): Record<string, number> {
  const order = shuffled(labels.length, createRandom(seed));
  let labelled = order.slice(0, 100);
  const found: Record<string, number> = {};
  const at = (rows: readonly number[]) => rows.flatMap((row) => features.train[row] ?? []);
  for (;;) {
    const taught = { rows: at(labelled), labels: labelled.map((row) => [labels[row] ?? 0]), several: false };
    if (milestones.includes(labelled.length)) {
      const guesses = teachAndPredict(backend, taught, features.test, names.length, options);
      const right = guesses.filter((row, index) => opinionOfOne(row).classes[0] === testLabels[index]).length;
      found[labelled.length] = share(right / testLabels.length);
    }
    if (labelled.length >= (milestones.at(-1) ?? 0)) return found;
    const known = new Set(labelled);
    const open = order.filter((row) => !known.has(row));
    let next: number[];
    if (strategy === 'random') next = open.slice(0, perRound);
    else if (strategy === 'diversity') {
      next = chooseDifferent(backend, at(open), taught.rows, perRound).map((index) => open[index] ?? 0);
    } else {
      // As the workbench does it: a class that nobody has given yet is not among the answers.
      const classes = [...new Set(taught.labels.flat())];
      const opinions = teachAndPredict(
        backend,
        { ...taught, labels: taught.labels.map((own) => own.map((label) => classes.indexOf(label))) },
        at(open),
        classes.length,
        options,
      ).map(opinionOfOne);
      const value = (index: number) => {
        const opinion = opinions[index];
        if (opinion === undefined) return 0;
        if (strategy === 'score') return opinion.probability;
        return strategy === 'margin' ? opinion.margin : -opinion.entropy;
      };
      next = open
        .map((row, index) => ({ row, value: value(index) }))
        .sort((one, other) => one.value - other.value)
        .slice(0, perRound)
        .map(({ row }) => row);
    }
    labelled = [...labelled, ...next];
  }
}

const seeds = flags.seeds.split(',').map(Number);
if (parts.includes('noise')) for (const seed of seeds) measureNoise(seed);
if (parts.includes('orders')) {
  for (const strategy of strategies) {
    for (const seed of seeds) {
      const startedAt = performance.now();
      const accuracy = measureOrder(strategy, seed);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      console.log(JSON.stringify({ part: 'orders', strategy, seed, accuracy, seconds }));
    }
  }
}
