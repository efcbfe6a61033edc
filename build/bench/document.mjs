/** Keeps docs/performance.json and the measured part of docs/performance.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../setup/paths.mjs';
import { writeLegend, writeTable } from './table.mjs';

/** @typedef {import('./figures.mjs').RowFigures} RowFigures */
/** @typedef {import('./figures.mjs').Peak} Peak */
/** @typedef {import('./growth.mjs').Growth} Growth */
/** @typedef {{ processor: string, cores: number, memoryBytes: number, system: string }} Machine */
/**
 * @typedef {object} Measurements
 * @property {string} measuredAt
 * @property {Machine} machine
 * @property {Peak} peak
 * @property {{ [library: string]: string }} reference
 * @property {RowFigures[]} rows
 * @property {Growth | null} growth
 */

const jsonPath = join(projectRoot, 'docs', 'performance.json');
const pagePath = join(projectRoot, 'docs', 'performance.md');

/** @returns {Measurements | null} */
function readRecord() {
  return existsSync(jsonPath) ? JSON.parse(readFileSync(jsonPath, 'utf8')) : null;
}

/**
 * What was measured before, renewed: rows that were not measured this time stay as they were.
 * @param {Measurements | null} before @param {Measurements} fresh @returns {Measurements}
 */
export function mergeMeasurements(before, fresh) {
  if (before === null) return fresh;
  const measured = new Set(fresh.rows.map(({ row }) => row));
  const kept = before.rows.filter(({ row }) => !measured.has(row));
  const rows = [...kept, ...fresh.rows].toSorted((a, b) => (a.row < b.row ? -1 : 1));
  return { ...fresh, rows, growth: fresh.growth ?? before.growth };
}

/**
 * @param {string} path of a Markdown page @param {string} part the name in its markers @param {string} text
 * @returns {string} the page with other text between its markers
 */
export function fillPage(path, part, text) {
  return replaceMarked(readFileSync(path, 'utf8'), part, text);
}

/** @param {string} page @param {string} part @param {string} text */
export function replaceMarked(page, part, text) {
  const [begin, end] = [`<!-- ${part}: begin -->`, `<!-- ${part}: end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The page lacks the markers ${begin} and ${end}.`);
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}

/** @param {Growth} growth */
function writeGrowth({ rows, tokens, memory, firstStepMs, besides }) {
  const factors = (/** @type {{ size: number, milliseconds: number }[]} */ points) =>
    points
      .map(
        ({ size, milliseconds }) => `${size}: ${(milliseconds / (points[0]?.milliseconds ?? 1)).toFixed(2)}×`,
      )
      .join(', ');
  const mebibytes = (/** @type {number} */ bytes) => (bytes / 2 ** 20).toFixed(0);
  return [
    '| What | Measured |',
    '| --- | --- |',
    `| Time of a run by number of rows | ${factors(rows)} |`,
    `| Time of a step by tokens in a batch | ${factors(tokens)} |`,
    `| Tensors alive after step ${memory.firstStep} and step ${memory.lastStep} | ${memory.firstHandles}, ${memory.lastHandles} |`,
    `| Memory after step ${memory.firstStep} and step ${memory.lastStep} | ${mebibytes(memory.firstBytes)} MiB, ${mebibytes(memory.lastBytes)} MiB |`,
    `| From starting the process to the end of the first step, row A | ${(firstStepMs / 1000).toFixed(2)} s |`,
    `| Making tokens of ${besides.rows} rows, row B | ${(besides.tokenisingMs / 1000).toFixed(2)} s |`,
    `| Laying out a batch, row B | ${besides.collatingMs.toFixed(2)} ms |`,
    `| Writing a checkpoint of ${mebibytes(besides.checkpointBytes)} MiB, row B | ${(besides.checkpointMs / 1000).toFixed(2)} s |`,
  ].join('\n');
}

/** @param {Measurements} record @param {Record<string, import('./rows.mjs').Reach>} reach */
export function writeMeasured({ machine, measuredAt, peak, reference, rows, growth }, reach) {
  const gigaflops = (/** @type {number} */ value) => (value / 1e9).toFixed(0);
  const libraries = Object.entries(reference).map(([name, version]) => `${name} ${version}`);
  const introduction = [
    `Measured ${measuredAt} on ${machine.processor}, ${machine.cores} cores,`,
    `${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${machine.system}.`,
    `Peak of matrix products: ${gigaflops(peak.fp32)} GFLOP/s fp32, ${gigaflops(peak.bf16)} bf16.`,
    libraries.length > 0 ? `Reference: ${libraries.join(', ')}.` : 'No reference on this machine.',
  ].join(' ');
  const parts =
    rows.length === 0
      ? [introduction]
      : [introduction, writeTable(rows, reach), writeLegend(rows, measuredAt)];
  return (growth === null ? parts : [...parts, writeGrowth(growth)]).join('\n\n');
}

/** Writes a file as `npm run format` would leave it. @param {string} path @param {string} text */
export async function writeFormatted(path, text) {
  const settings = await resolveConfig(path);
  writeFileSync(path, await format(text, { ...settings, filepath: path }));
}

/**
 * Puts what was measured into the JSON file and between the markers of the page.
 * @param {Measurements} fresh @param {Record<string, import('./rows.mjs').Reach>} reach
 */
export async function updateDocuments(fresh, reach) {
  const record = mergeMeasurements(readRecord(), fresh);
  const page = fillPage(pagePath, 'bench', writeMeasured(record, reach));
  await writeFormatted(jsonPath, JSON.stringify(record));
  await writeFormatted(pagePath, page);
}
