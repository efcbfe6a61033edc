/**
 * `npm test`: set-up, checks, interface, every test. Arguments go to vitest, and then only the tests they name run.
 * Ends with one line such as `123 passed, 0 failed`.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBundle, rendererBundle } from './launch/bundle.mjs';
import { runInForeground } from './launch/forward.mjs';
import { continueUnderNode24 } from './launch/underNode24.mjs';
import { projectRoot } from './setup/paths.mjs';
import { progressOn } from './setup/progress.mjs';

const node = await continueUnderNode24(fileURLToPath(import.meta.url));
const { checkParts } = await import('./checks/parts.mjs');
const { runParts } = await import('./checks/runParts.mjs');
const { addTotals, countTests, noTotals, totalsLine } = await import('./checks/totals.mjs');

const wanted = process.argv.slice(2);
let totals = noTotals;

if (wanted.length === 0) {
  const results = await runParts(checkParts(projectRoot, node), (line) => console.log(line));
  const failed = results.filter((result) => result.problems).length;
  totals = addTotals(totals, { passed: results.length - failed, failed, skipped: 0 });
}

try {
  await ensureBundle(projectRoot, node, rendererBundle, progressOn(process.stderr));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  totals = addTotals(totals, { passed: 0, failed: 1, skipped: 0 });
}

const report = join(projectRoot, 'out', 'testReport.json');
rmSync(report, { force: true });
const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const code = await runInForeground(node, [vitest, 'run', ...reporters, ...wanted], {
  cwd: projectRoot,
  env: { ...process.env, PATH: `${join(projectRoot, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` },
});
const counted = countTests(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null, code);
totals = addTotals(totals, counted);

if (totals.skipped > 0) console.log(`${totals.skipped} skipped`);
console.log(totalsLine(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;
