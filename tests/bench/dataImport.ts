/**
 * `node tests/bench/dataImport.ts [--rows 1000000] [--texts 100000]`: writes that many JSON lines, imports them through a
 * host as the command line does, and looks for near-duplicates among that many texts; prints
 * seconds, processor seconds (what counts on a busy machine), peak memory, and memory in use at the beginning and the end
 * of writing, after a collection.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { findNearDuplicates } from '../../src-main/datasets/health/nearDuplicates.ts';
import { workerLauncher } from '../../src-main/hosts/openHost.ts';
import { openServices } from '../../src-main/services/services.ts';

const { values: flags } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, texts: { type: 'string', default: '100000' } },
});
const words =
  'the bank card account transfer money top up fee exchange rate balance pin code app help please'.split(' ');
const sentence = (row: number) =>
  Array.from(
    { length: 12 },
    (_, index) => words[(Math.imul(row + 1, 2654435761 + index * 97) >>> 8) % words.length],
  ).join(' ');

async function writeRows(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  for (let row = 0; row < rows; row++) {
    const line = `${JSON.stringify({ id: row, text: `${sentence(row)} ${row}`, label: `label ${row % 77}` })}\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');
/** Bytes that objects of this process take, once what nobody holds any more is gone. */
function bytesInUse(): number {
  if (typeof collect === 'function') collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Processor time of this process so far. */
const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const round = (value: number) => Math.round(value * 100) / 100;
const seconds = (since: number) => Math.round((performance.now() - since) / 10) / 100;
const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
const folder = mkdtempSync(join(tmpdir(), 'tunebench-bench-'));
try {
  const rows = Number(flags.rows);
  const path = join(folder, 'rows.jsonl');
  await writeRows(path, rows);
  const services = await openServices({
    host: 'cli',
    version: '0.0.0-bench',
    applicationFolder: folder,
    dataFolder: join(folder, 'home'),
    launcher: workerLauncher(),
    adoptQueuedRuns: false,
  });
  let peakBytes = 0;
  const inUse: number[] = [];
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    const job = services.jobs.list()[0];
    // The total is known once rows are written.
    const wanted = job?.total ? [rows / 10, rows * 0.9][inUse.length] : undefined;
    if (wanted !== undefined && (job?.done ?? 0) >= wanted) inUse.push(bytesInUse());
  }, 100);
  const startedAt = performance.now();
  const processorAt = processorSeconds();
  const preview = await services.datasets.preview(path, {}, 1);
  const previewSeconds = seconds(startedAt);
  const dataset = await services.datasets.import({
    files: [{ path }],
    options: {},
    mapping: preview.suggestedMapping,
    validationShare: 0.1,
    testShare: 0,
    seed: 0,
    skipBadRows: false,
  });
  const importSeconds = seconds(startedAt);
  const importProcessorSeconds = round(processorSeconds() - processorAt);
  clearInterval(watch);
  await services.close();
  console.log(
    JSON.stringify({
      rows: dataset.rows,
      previewSeconds,
      importSeconds,
      importProcessorSeconds,
      peakMegabytes: megabytes(peakBytes),
      inUseMegabytes: inUse.map(megabytes),
    }),
  );

  const texts = Array.from(
    { length: Number(flags.texts) },
    (_, row) => `${sentence(row)} ${sentence(row * 7 + 3)}`,
  );
  const searchedAt = performance.now();
  const searchProcessorAt = processorSeconds();
  const clusters = findNearDuplicates(texts);
  console.log(
    JSON.stringify({
      texts: texts.length,
      clusters: clusters.length,
      nearDuplicateSeconds: seconds(searchedAt),
      nearDuplicateProcessorSeconds: round(processorSeconds() - searchProcessorAt),
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
