/** One set-up at a time in a checkout. */
import { mkdirSync, openSync, readFileSync, rmSync, writeSync, closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { processIsAlive } from './fetchLibraries.mjs';

/** @param {string} path @returns {boolean} whether the lock is ours now */
function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/** @param {string} path @returns {number} the process that holds the lock; NaN where it has just gone or not yet written */
function holderOf(path) {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10);
  } catch {
    return Number.NaN;
  }
}

/**
 * Waits for the lock; one left by a process that is gone is taken over.
 * @param {string} path
 * @param {(pid: number) => void} onWait told once where another set-up is running
 * @returns {Promise<() => void>} releases the lock
 */
export async function takeLock(path, onWait) {
  let told = false;
  while (!tryLock(path)) {
    const pid = holderOf(path);
    if (pid && !processIsAlive(pid)) {
      rmSync(path, { force: true });
      continue;
    }
    if (pid && !told) onWait(pid);
    told = told || Boolean(pid);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return () => rmSync(path, { force: true });
}
