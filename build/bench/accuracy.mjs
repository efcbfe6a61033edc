/** Row A over whole epochs: the accuracy both sides reach on the test questions, with the model's own dropout. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mean } from './figures.mjs';
import { runOwn, startOwn, startReference } from './programs.mjs';
import { listRows } from './rows.mjs';
import { withWorkFolder } from './workFolder.mjs';

/** @typedef {{ accuracy: number, rowsPerSecond: number }} Result */
/** @typedef {{ name: string, results: Result[], accuracy: number, rowsPerSecond: number }} Contender */

/** @param {string} planPath @param {boolean} withReference */
function contenders(planPath, withReference) {
  const own = ['float32', 'bfloat16'].map((precision) => ({
    name: `this engine, ${precision}`,
    start: () => startOwn('train', '--plan', planPath, '--precision', precision),
  }));
  const reference = ['fp32', 'bf16'].map((precision) => ({
    name: `reference, ${precision}`,
    start: () => startReference('bench_train', '--plan', planPath, '--precision', precision),
  }));
  return withReference ? [...own, ...reference] : own;
}

/**
 * @param {import('./rows.mjs').Material} material with real weights and data
 * @param {{ seeds: number[], epochs: number, withReference: boolean, tell: (line: string) => void }} settings
 * @returns {Promise<Contender[]>}
 */
export async function compareAccuracy(material, { seeds, epochs, withReference, tell }) {
  const row = listRows({ ...material, dropout: true }).find(({ id }) => id === 'A');
  if (row?.kind !== 'training' || row.work.data.kind !== 'banking77') {
    throw new Error(
      'The accuracy is compared on Banking77 with real weights: name them with --model and --data.',
    );
  }
  const intents = row.work.data;
  /** @type {Map<string, Result[]>} */
  const results = new Map();
  for (const seed of seeds) {
    await withWorkFolder(async (folder) => {
      const data = { ...intents, withTest: true };
      const planPath = join(folder, 'plan.json');
      const plan = { ...row.work, data, epochs, row: 'A', maximumSteps: 0, seed, workFolder: folder };
      writeFileSync(planPath, JSON.stringify(plan));
      await runOwn('prepare', planPath);
      for (const { name, start } of contenders(planPath, withReference)) {
        const program = start();
        try {
          await program.next();
          const { accuracy, rowsPerSecond } = await program.take('finish');
          const result = { accuracy: Number(accuracy), rowsPerSecond: Number(rowsPerSecond) };
          results.set(name, [...(results.get(name) ?? []), result]);
          tell(
            `${name}, seed ${seed}: accuracy ${result.accuracy.toFixed(4)}, ${result.rowsPerSecond.toFixed(0)} rows/s`,
          );
        } finally {
          await program.end();
        }
      }
    });
  }
  return [...results].map(([name, list]) => ({
    name,
    results: list,
    accuracy: mean(list.map(({ accuracy }) => accuracy)),
    rowsPerSecond: mean(list.map(({ rowsPerSecond }) => rowsPerSecond)),
  }));
}
