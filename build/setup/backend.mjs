/** The engine's backend: libtensorflow with its binding compiled here, else the prebuilt one, else the portable one. */
import { existsSync, readFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonFingerprint, addonIsCurrent, compileAddon, findCompiler, hasSources } from './addon.mjs';
import { run } from './command.mjs';
import { askForCuda, decideCuda, findDevice } from './cuda.mjs';
import { failureOf, tellingLine } from './diagnose.mjs';
import { fetchLibraries } from './fetchLibraries.mjs';
import { downloadBytes, planLibraries } from './libraries.mjs';
import { SetupError, inTerminal, message, messageInBoth, standalone } from './messages.mjs';
import { nodeCommand } from './nodeRuntime.mjs';
import { formatBytes } from './progress.mjs';
import { findTools, readRecord, worthRetrying, writeRecord } from './record.mjs';

/**
 * @typedef {import('./paths.mjs').ProjectPaths} ProjectPaths
 * @typedef {import('./progress.mjs').Progress} Progress
 * @typedef {import('./record.mjs').SetupRecord} SetupRecord
 * @typedef {import('./libraries.mjs').LibraryPlan} LibraryPlan
 * @typedef {import('./addon.mjs').Addon} Addon
 */

const libraryNames = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const verifyProgram = join(dirname(fileURLToPath(import.meta.url)), 'verifyBinding.mjs');

/** The native add-ons to compile. @param {ProjectPaths} paths @param {string} headers TensorFlow's include folder */
function addonsOf(paths, headers) {
  const tensorflow = join(paths.libraries, 'tensorflow');
  const common = {
    includes: [headers, paths.nodeHeaders],
    libraries: libraryNames.map((name) => join(tensorflow, name)),
  };
  /** @param {string} output */
  const runtimePath = (output) => relative(dirname(output), tensorflow);
  /** @type {Addon} */
  const binding = {
    ...common,
    includes: [...common.includes, paths.tfjs],
    name: 'tfjs_binding',
    sources: join(paths.tfjs, 'binding'),
    output: paths.binding,
    flags: [],
    runtimePath: runtimePath(paths.binding),
  };
  /** @type {Addon} */
  const kernels = {
    ...common,
    name: 'tunebench_kernels',
    sources: paths.kernelSources,
    output: paths.kernels,
    flags: ['-O3', '-pthread'],
    runtimePath: runtimePath(paths.kernels),
  };
  return { binding, kernels };
}

/**
 * Whether the record still describes what is there.
 * @param {ProjectPaths} paths
 * @param {{ cuda: boolean, retry: boolean }} options
 * @returns {boolean}
 */
function backendIsReady(paths, options) {
  const record = readRecord(paths);
  if (!record) return false;
  if (options.cuda && !record.cuda) return false;
  if (record.source !== 'compiled' && (options.retry || worthRetrying(record, findTools()))) return false;
  if (record.backend === 'portable') return true;
  if (record.bindingPath !== paths.binding || !existsSync(paths.binding)) return false;
  if (record.source === 'prebuilt') return true;
  const { binding, kernels } = addonsOf(paths, '');
  const libraryId = record.libraryId ?? '';
  if (readInstalledId(paths) !== libraryId || !addonIsCurrent(binding, libraryId)) return false;
  if (!hasSources(kernels.sources)) return record.kernelsPath === null;
  if (record.kernelsPath !== null && !existsSync(record.kernelsPath)) return false;
  return (
    record.kernelsTried === addonFingerprint(kernels, libraryId) && !(options.retry && record.kernelsReason)
  );
}

/** @param {ProjectPaths} paths */
const installedIdFile = (paths) => join(paths.libraries, 'installed-libraries');

/** @param {ProjectPaths} paths @returns {string | null} */
function readInstalledId(paths) {
  const file = installedIdFile(paths);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/**
 * @param {ProjectPaths} paths
 * @param {{ cuda: boolean, retry: boolean, interactive: boolean }} options
 * @returns {import('./steps.mjs').Step}
 */
export function backendStep(paths, options) {
  return {
    name: 'backend',
    isDone: () => backendIsReady(paths, options),
    run: async (progress) => {
      await writeRecord(paths, await installBackend(paths, options, progress));
    },
  };
}

/** @type {Omit<SetupRecord, 'tools'>} */
const portableRecord = {
  backend: 'portable',
  source: null,
  reason: null,
  libraryVersion: null,
  bindingPath: null,
  kernelsPath: null,
  kernelsReason: null,
  kernelsTried: null,
  cuda: false,
  cudaReason: null,
  libraryId: null,
};

/**
 * @param {ProjectPaths} paths
 * @param {{ cuda: boolean, interactive: boolean }} options
 * @param {Progress} progress
 * @returns {Promise<SetupRecord>}
 */
async function installBackend(paths, options, progress) {
  const tools = findTools();
  /** @type {import('./record.mjs').LocalizedText | null} */
  let cudaReason = null;
  const cuda = await wantsCuda(paths, options, progress);
  if (cuda === 'use') {
    try {
      return { ...portableRecord, ...(await installCompiled(paths, true, progress)), tools };
    } catch (error) {
      const failure = understood(error);
      cudaReason = messageInBoth(failure.code, failure.parameters);
    }
  } else if (cuda === 'missingDriver') {
    cudaReason = messageInBoth('noDriver');
  }
  if (cudaReason) progress.line(message('cudaFailed', { reason: inTerminal(cudaReason) }));
  try {
    return { ...portableRecord, ...(await installCompiled(paths, false, progress)), cudaReason, tools };
  } catch (error) {
    const failure = understood(error);
    progress.line(message('fallingBack', { reason: failure.message }));
    const reason = messageInBoth(failure.code, failure.parameters);
    const base = { ...portableRecord, reason, cudaReason, tools };
    try {
      return { ...base, ...(await installPrebuilt(paths, progress)) };
    } catch (second) {
      progress.line(`  ${standalone(understood(second).message)}`);
      return base;
    }
  }
}

/**
 * A failure that the next way round may answer. An interruption and a mistake of set-up itself go on up.
 * @param {unknown} error
 * @returns {SetupError}
 */
function understood(error) {
  if (error instanceof SetupError && error.code !== 'interrupted') return error;
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code;
  if (error instanceof Error && code && /^E[A-Z]+$/.test(code)) {
    return failureOf({ output: error.message, what: 'libtensorflow', folder: '', otherwise: 'unpackFailed' });
  }
  throw error;
}

/** @param {ProjectPaths} paths @param {{ cuda: boolean, interactive: boolean }} options @param {Progress} progress */
async function wantsCuda(paths, options, progress) {
  const plan = planLibraries({ ...machine(), cuda: true });
  if (!plan) return 'no';
  const device = await findDevice();
  const decision = decideCuda({
    flag: options.cuda,
    setting: process.env.TUNEBENCH_CUDA,
    device,
    installed: readRecord(paths)?.cuda ?? false,
    interactive: options.interactive,
  });
  const offer = { device: device ?? '', size: formatBytes(downloadBytes(plan)) };
  if (decision === 'hint') progress.line(message('cudaHint', offer));
  if (decision === 'ask') return (await askForCuda(offer.device, offer.size)) ? 'use' : 'no';
  return decision;
}

/** This machine, as far as a choice of libraries depends on it. */
function machine() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return { platform: process.platform, arch: process.arch, glibc: report.header.glibcVersionRuntime ?? null };
}

/** @param {ProjectPaths} paths @param {boolean} cuda @param {Progress} progress @returns {Promise<Partial<SetupRecord>>} */
async function installCompiled(paths, cuda, progress) {
  const plan = planLibraries({ ...machine(), cuda });
  if (!plan) throw new SetupError('platformUnsupported', { platform: `${process.platform}-${process.arch}` });
  // Before hundreds of megabytes are fetched in vain.
  findCompiler();
  const unpacked = await fetchLibraries(plan, paths.cache, progress);
  await installLibraries(paths, plan, unpacked);
  const { binding, kernels } = addonsOf(paths, join(unpacked, 'tensorflow', 'include'));
  if (!addonIsCurrent(binding, plan.id)) {
    await progress.step(message('compile', { what: binding.name }), () => compileAddon(binding, plan.id));
  }
  const found = await progress.step(message('verify'), () => verifyBinding(paths));
  return {
    backend: 'tensorflow',
    source: 'compiled',
    libraryVersion: found.version,
    bindingPath: paths.binding,
    libraryId: plan.id,
    cuda,
    cudaReason: cuda && !found.gpu ? messageInBoth('noUsableDevice') : null,
    ...(await installKernels(kernels, plan, progress)),
  };
}

/** @param {Addon} kernels @param {LibraryPlan} plan @param {Progress} progress @returns {Promise<Partial<SetupRecord>>} */
async function installKernels(kernels, plan, progress) {
  if (!hasSources(kernels.sources)) return {};
  const kernelsTried = addonFingerprint(kernels, plan.id);
  try {
    if (!addonIsCurrent(kernels, plan.id)) {
      await progress.step(message('compile', { what: kernels.name }), () => compileAddon(kernels, plan.id));
    }
    return { kernelsPath: kernels.output, kernelsTried };
  } catch (error) {
    const { code, parameters, message: reason } = understood(error);
    progress.line(message('kernelsSkipped', { reason }));
    return { kernelsReason: messageInBoth(code, parameters), kernelsTried };
  }
}

/**
 * Puts the libraries where the binding looks for them, in the layout of the wheels: as hard links where the cache is
 * on the same disk, else as copies.
 * @param {ProjectPaths} paths
 * @param {LibraryPlan} plan
 * @param {string} unpacked
 */
async function installLibraries(paths, plan, unpacked) {
  const isWhole = libraryNames.every((name) => existsSync(join(paths.libraries, 'tensorflow', name)));
  if (isWhole && readInstalledId(paths) === plan.id) return;
  await files.rm(paths.libraries, { recursive: true, force: true });
  await linkTree(unpacked, paths.libraries);
  await files.writeFile(installedIdFile(paths), plan.id);
}

/** @param {string} source @param {string} target */
async function linkTree(source, target) {
  await files.mkdir(target, { recursive: true });
  for (const entry of await files.readdir(source, { withFileTypes: true })) {
    if (entry.name === 'include') continue;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await linkTree(from, to);
    else await files.link(from, to).catch(() => files.copyFile(from, to));
  }
}

/** @param {ProjectPaths} paths @returns {Promise<{ version: string, gpu: boolean }>} */
async function verifyBinding(paths) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const result = await run(nodeCommand(paths), [verifyProgram, paths.binding], { env, timeoutMs: 120_000 });
  if (result.ok) return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '');
  const detail =
    result.signal === 'SIGILL'
      ? 'the processor lacks AVX instructions'
      : (result.signal ?? tellingLine(result.output));
  throw new SetupError('bindingUnusable', { detail });
}

/** tfjs-node's own installer. @param {ProjectPaths} paths @param {Progress} progress @returns {Promise<Partial<SetupRecord>>} */
async function installPrebuilt(paths, progress) {
  return progress.step(message('prebuilt'), async () => {
    await files.rm(join(paths.tfjs, 'lib'), { recursive: true, force: true });
    const bin = join(paths.modules, '.bin');
    const env = {
      ...process.env,
      PATH: `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
    };
    const installer = join(paths.tfjs, 'scripts', 'install.js');
    const result = await run(nodeCommand(paths), [installer, 'cpu', 'download'], {
      cwd: paths.tfjs,
      env,
      timeoutMs: 300_000,
    });
    if (!result.ok || !existsSync(paths.binding)) {
      throw new SetupError('prebuiltFailed', { detail: tellingLine(result.output) });
    }
    const found = await verifyBinding(paths);
    return {
      backend: 'tensorflow',
      source: 'prebuilt',
      libraryVersion: found.version,
      bindingPath: paths.binding,
    };
  });
}
