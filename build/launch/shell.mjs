/** Window or web server: which of the two a start opens, and why. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../setup/command.mjs';
import { message } from '../setup/messages.mjs';

/**
 * @typedef {{ kind: 'window', binary: string } | { kind: 'server', reason: string | null }} Shell
 * @typedef {{ platform: string, env: Record<string, string | undefined> }} Machine
 */

/**
 * Whether a window could be seen.
 * @param {Machine} machine
 * @returns {boolean}
 */
export function hasDisplay({ platform, env }) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * @param {{ serverWanted: boolean, display: boolean, binary: string | null }} known
 * @returns {Shell}
 */
export function chooseShell({ serverWanted, display, binary }) {
  if (serverWanted) return { kind: 'server', reason: null };
  if (!display) return { kind: 'server', reason: message('noDisplay') };
  if (!binary) return { kind: 'server', reason: message('noElectron') };
  return { kind: 'window', binary };
}

/**
 * Electron's program, or null where it has not been fetched.
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {string | null}
 */
export function electronBinary(root, env) {
  if (env.ELECTRON_EXEC_PATH) return existsSync(env.ELECTRON_EXEC_PATH) ? env.ELECTRON_EXEC_PATH : null;
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(
    env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'),
    readFileSync(pathFile, 'utf8'),
  );
  return existsSync(binary) ? binary : null;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Whether fetching Electron is worth the wait: not again for a day where it failed.
 * @param {{ failedAtMs: number | null, nowMs: number }} known
 * @returns {boolean}
 */
export function worthFetching({ failedAtMs, nowMs }) {
  return failedAtMs === null || nowMs - failedAtMs > dayMs;
}

/**
 * Fetches Electron once, giving up where nothing arrives for a while.
 * @param {string} root
 * @param {string} node
 * @param {import('../setup/progress.mjs').Progress} progress
 * @param {number} [stallMs] how long nothing may arrive
 * @returns {Promise<void>} whether it worked is seen by `electronBinary`
 */
export async function fetchElectron(root, node, progress, stallMs = 15_000) {
  const folder = join(root, 'node_modules', 'electron');
  const failureFile = join(folder, '.fetch-failed');
  const failedAtMs = existsSync(failureFile) ? Number(readFileSync(failureFile, 'utf8')) : null;
  if (!worthFetching({ failedAtMs, nowMs: Date.now() })) return;
  const download = join(folder, '.download');
  await mkdir(download, { recursive: true });
  const abort = new AbortController();
  const watch = watchForStall(download, stallMs, () => abort.abort());
  try {
    await progress.step(message('electronDownload'), async () => {
      const env = { ...process.env, TMPDIR: download, TEMP: download, TMP: download };
      const result = await run(node, [join(folder, 'install.js')], { cwd: root, env, abort: abort.signal });
      if (!result.ok) throw new Error(result.output);
    });
  } catch {
    writeFileSync(failureFile, String(Date.now()));
  } finally {
    clearInterval(watch);
    await rm(download, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {number} stallMs @param {() => void} onStall */
function watchForStall(folder, stallMs, onStall) {
  let [lastBytes, lastChangeMs] = [-1, Date.now()];
  return setInterval(async () => {
    const bytes = await bytesIn(folder);
    if (bytes !== lastBytes) [lastBytes, lastChangeMs] = [bytes, Date.now()];
    else if (Date.now() - lastChangeMs > stallMs) onStall();
  }, 500);
}

/** @param {string} folder @returns {Promise<number>} */
async function bytesIn(folder) {
  let total = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    total += await stat(join(folder, name)).then(
      (found) => found.size,
      () => 0,
    );
  }
  return total;
}
