/** Compiling a native Node add-on against libtensorflow: one object a source file, in parallel, then one link. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findExecutable, run } from './command.mjs';
import { diagnose, failureOf, tellingLine } from './diagnose.mjs';
import { SetupError } from './messages.mjs';

/**
 * @typedef {object} Addon
 * @property {string} name for messages
 * @property {string} sources the folder whose `.cc` files are compiled; its headers count as sources
 * @property {string} output the `.node` file
 * @property {string[]} includes folders of headers
 * @property {string[]} libraries paths of shared libraries to link with
 * @property {string[]} flags further compiler flags
 * @property {string} runtimePath where the libraries lie at run time, relative to the output
 */

const commonFlags = ['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', '-w'];

/** The C++ compiler on PATH. @returns {string} */
export function findCompiler() {
  const compiler = findExecutable([process.env.CXX ?? 'g++', 'g++', 'clang++', 'c++']);
  if (!compiler) throw new SetupError('compilerMissing');
  return compiler;
}

/** @param {string} folder @returns {string[]} the add-on's files, sorted; empty where the folder is missing */
function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort();
}

/** @param {string} folder @returns {boolean} */
export function hasSources(folder) {
  return sourceFiles(folder).some((name) => name.endsWith('.cc'));
}

/**
 * Changes whenever compiling again would give another result.
 * @param {Addon} addon
 * @param {string} libraryId which libraries it is linked with
 * @returns {string}
 */
export function addonFingerprint(addon, libraryId) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([libraryId, commonFlags, addon.flags, addon.runtimePath]));
  for (const name of sourceFiles(addon.sources)) {
    hash.update(`\0${name}\0`).update(readFileSync(join(addon.sources, name)));
  }
  return hash.digest('hex');
}

/** @param {Addon} addon */
const stampOf = (addon) => `${addon.output}.stamp`;

/**
 * Whether the compiled file is there and stems from the present sources.
 * @param {Addon} addon
 * @param {string} libraryId
 * @returns {boolean}
 */
export function addonIsCurrent(addon, libraryId) {
  if (!existsSync(addon.output) || !existsSync(stampOf(addon))) return false;
  return readFileSync(stampOf(addon), 'utf8') === addonFingerprint(addon, libraryId);
}

/**
 * Compiles and links; the output appears only when it is whole.
 * @param {Addon} addon
 * @param {string} libraryId
 * @returns {Promise<void>}
 */
export async function compileAddon(addon, libraryId) {
  const compiler = findCompiler();
  const work = `${addon.output}.partial-${process.pid}`;
  await rm(stampOf(addon), { force: true });
  await mkdir(work, { recursive: true });
  try {
    const sources = sourceFiles(addon.sources).filter((name) => name.endsWith('.cc'));
    const objects = sources.map((name) => join(work, `${basename(name, '.cc')}.o`));
    const jobs = sources.map((name, index) => async () => {
      const source = join(addon.sources, name);
      const object = /** @type {string} */ (objects[index]);
      const includes = addon.includes.map((folder) => `-I${folder}`);
      await compile(addon, compiler, [
        ...commonFlags,
        ...addon.flags,
        ...includes,
        '-c',
        source,
        '-o',
        object,
      ]);
    });
    await runJobs(jobs, cpus().length);
    const linked = join(work, basename(addon.output));
    const search = `-Wl,-rpath,$ORIGIN/${addon.runtimePath}`;
    await compile(addon, compiler, [
      '-shared',
      ...addon.flags,
      ...objects,
      ...addon.libraries,
      search,
      '-o',
      linked,
    ]);
    await rename(linked, addon.output);
    await writeFile(stampOf(addon), addonFingerprint(addon, libraryId));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param {Addon} addon @param {string} compiler @param {string[]} compilerArguments */
async function compile(addon, compiler, compilerArguments) {
  const result = await run(compiler, compilerArguments);
  if (result.ok) return;
  const folder = dirname(addon.output);
  if (diagnose(result.output, {}) === 'diskFull') {
    throw failureOf({
      output: result.output,
      what: addon.name,
      folder,
      otherwise: 'checkoutDiskFull',
      isCheckout: true,
      parameters: { needed: '10 MB' },
    });
  }
  const log = `${addon.output}.log`;
  await writeFile(log, `${compiler} ${compilerArguments.join(' ')}\n\n${result.output}`).catch(
    () => undefined,
  );
  throw new SetupError('compileFailed', {
    what: addon.name,
    compiler,
    detail: tellingLine(result.output),
    log,
  });
}

/** @param {(() => Promise<void>)[]} jobs @param {number} width */
async function runJobs(jobs, width) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: width }, worker));
}
