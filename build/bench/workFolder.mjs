/** Temporary folders that are gone afterwards, also when the bench is interrupted: some hold gigabytes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @type {Set<string>} */
const open = new Set();

/** @param {string} folder */
function remove(folder) {
  open.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

process.on('exit', () => open.forEach(remove));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => process.exit(130));

/**
 * @template Result
 * @param {(folder: string) => Promise<Result>} body
 * @returns {Promise<Result>}
 */
export async function withWorkFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-bench-'));
  open.add(folder);
  try {
    return await body(folder);
  } finally {
    remove(folder);
  }
}
