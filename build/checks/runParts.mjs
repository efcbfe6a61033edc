/** Runs check parts side by side and tells the outcome of each on one line. */
import { availableParallelism } from 'node:os';

/**
 * @typedef {import('./parts.mjs').CheckPart} CheckPart
 * @typedef {{ name: string, problems: string, elapsedMs: number }} CheckResult
 */

/** @param {CheckPart} part @returns {Promise<CheckResult>} */
async function runPart(part) {
  const startedMs = Date.now();
  const problems = await part.findProblems().catch((error) => String(error?.stack ?? error));
  return { name: part.name, problems, elapsedMs: Date.now() - startedMs };
}

/** @param {CheckResult} result @returns {string} */
function resultLine({ name, problems, elapsedMs }) {
  return `${problems ? 'FAIL' : 'ok  '}  ${name.padEnd(12)} ${(elapsedMs / 1000).toFixed(1).padStart(6)} s`;
}

/**
 * @param {CheckPart[]} parts
 * @param {(line: string) => void} print
 * @param {number} [width] how many run at the same time
 * @returns {Promise<CheckResult[]>}
 */
export async function runParts(parts, print, width = availableParallelism()) {
  const waiting = [...parts];
  /** @type {CheckResult[]} */
  const results = [];
  const worker = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const result = await runPart(part);
      results.push(result);
      print(resultLine(result));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, worker));
  for (const { name, problems } of results) if (problems) print(`\n── ${name}\n${problems}`);
  return results;
}
