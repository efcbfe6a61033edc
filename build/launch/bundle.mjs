/** Building the interface, only where its sources changed since the last time. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../setup/command.mjs';
import { message } from '../setup/messages.mjs';

const bundleConfig = 'electron.vite.config.ts';

/**
 * @typedef {object} Bundle
 * @property {string[]} sources files and folders it is built from, relative to the project root
 * @property {string} output the file that proves it was built
 * @property {string} stamp where the fingerprint of its sources is kept
 * @property {string[]} program what builds it: a script in node_modules and its arguments
 */

const sharedSources = [bundleConfig, 'package-lock.json', 'src-main/contract'];

/** The interface alone: what the server serves. @type {Bundle} */
export const rendererBundle = {
  sources: [...sharedSources, 'src-renderer'],
  output: 'out/renderer/index.html',
  stamp: 'out/renderer.fingerprint',
  program: ['vite/bin/vite.js', 'build', '--config', bundleConfig, '--logLevel', 'warn'],
};

/** The interface with Electron's main program and preload. @type {Bundle} */
export const electronBundle = {
  sources: [...rendererBundle.sources, 'src-main/hosts', 'src-main/platform'],
  output: 'out/main/index.cjs',
  stamp: 'out/electron.fingerprint',
  program: ['electron-vite/bin/electron-vite.js', 'build', '--config', bundleConfig, '--logLevel', 'warn'],
};

/** @param {import('node:crypto').Hash} hash @param {string} path @param {string} name */
function addToHash(hash, path, name) {
  if (!existsSync(path)) return;
  const entries = readEntries(path);
  if (entries === null) {
    hash.update(`\0${name}\0`).update(readFileSync(path));
    return;
  }
  for (const entry of entries) addToHash(hash, join(path, entry), `${name}/${entry}`);
}

/** @param {string} path @returns {string[] | null} null for a file */
function readEntries(path) {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return null;
    throw error;
  }
}

/**
 * Changes whenever a source of the bundle does.
 * @param {string} root
 * @param {Bundle} bundle
 * @returns {string}
 */
export function bundleFingerprint(root, bundle) {
  const hash = createHash('sha256');
  for (const source of bundle.sources) addToHash(hash, join(root, source), source);
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {Bundle} bundle
 * @returns {boolean}
 */
export function bundleIsCurrent(root, bundle) {
  const stamp = join(root, bundle.stamp);
  if (!existsSync(stamp) || !existsSync(join(root, bundle.output))) return false;
  return readFileSync(stamp, 'utf8') === bundleFingerprint(root, bundle);
}

/**
 * Builds a bundle where it is out of date.
 * @param {string} root
 * @param {string} node the Node that runs the builder
 * @param {Bundle} bundle
 * @param {import('../setup/progress.mjs').Progress} progress
 * @returns {Promise<void>}
 * @throws {Error} with the builder's report
 */
export async function ensureBundle(root, node, bundle, progress) {
  if (bundleIsCurrent(root, bundle)) return;
  const fingerprint = bundleFingerprint(root, bundle);
  const [script = '', ...rest] = bundle.program;
  await progress.step(message('rendererBuild'), async () => {
    const result = await run(node, [join(root, 'node_modules', script), ...rest], { cwd: root });
    if (!result.ok) throw new Error(`${message('rendererFailed')}\n${result.output.trim()}`);
  });
  const stamp = join(root, bundle.stamp);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint);
}
