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
 * The object file of every source, named after what it is made from: one that exists need not be compiled again.
 * @param {Addon} addon
 * @param {string} libraryId
 * @returns {{ source: string, object: string }[]}
 */
export function objectsOf(addon, libraryId) {
  const names = sourceFiles(addon.sources);
  const shared = createHash('sha256').update(JSON.stringify([libraryId, commonFlags, addon.flags]));
  for (const name of names.filter((candidate) => candidate.endsWith('.h'))) {
    shared.update(readFileSync(join(addon.sources, name)));
  }
  return names
    .filter((name) => name.endsWith('.cc'))
    .map((name) => {
      const source = join(addon.sources, name);
      const hash = shared.copy().update(readFileSync(source)).digest('hex').slice(0, 16);
      return { source, object: join(`${addon.output}.objects`, `${basename(name, '.cc')}-${hash}.o`) };
    });
}

/**
 * Compiles what changed and links; the output appears only when it is whole.
 * @param {Addon} addon
 * @param {string} libraryId
 * @returns {Promise<void>}
 */
export async function compileAddon(addon, libraryId) {
  const compiler = findCompiler();
  const partial = `.partial-${process.pid}`;
  const fingerprint = addonFingerprint(addon, libraryId);
  const objects = objectsOf(addon, libraryId);
  const objectFolder = `${addon.output}.objects`;
  await rm(stampOf(addon), { force: true });
  await mkdir(objectFolder, { recursive: true });
  const includes = addon.includes.map((folder) => `-I${folder}`);
  const jobs = objects.map(({ source, object }) => async () => {
    if (existsSync(object)) return;
    const flags = [...commonFlags, ...addon.flags, ...includes];
    await compile(addon, compiler, [...flags, '-c', source, '-o', object + partial]);
    await rename(object + partial, object);
  });
  await runJobs(jobs, cpus().length);
  const search = `-Wl,-rpath,$ORIGIN/${addon.runtimePath}`;
  const inputs = [...objects.map(({ object }) => object), ...addon.libraries];
  await compile(addon, compiler, [
    '-shared',
    ...addon.flags,
    ...inputs,
    search,
    '-o',
    addon.output + partial,
  ]);
  await rename(addon.output + partial, addon.output);
  await writeFile(stampOf(addon), fingerprint);
  const current = new Set(objects.map(({ object }) => basename(object)));
  for (const name of readdirSync(objectFolder)) if (!current.has(name)) await rm(join(objectFolder, name));
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
