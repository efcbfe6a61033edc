/** Node 24 from the npm package `node`, whatever Node the machine has. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { failureOf } from './diagnose.mjs';
import { SetupError, message } from './messages.mjs';
import { npmCommand, npmNetworkOptions } from './packages.mjs';

export const requiredMajor = 24;

/**
 * The major number of a version such as `v24.1.0`.
 * @param {string} version
 * @returns {number}
 */
export function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}

/**
 * Which Node runs the workbench: the one in node_modules, else the running one where it is new enough.
 * @param {{ installed: string | null, running: string, runningVersion: string }} known
 * @returns {string | null} null where neither will do
 */
export function chooseNode({ installed, running, runningVersion }) {
  if (installed) return installed;
  return majorOf(runningVersion) >= requiredMajor ? running : null;
}

/** @param {import('./paths.mjs').ProjectPaths} paths @returns {string | null} */
function installedNode(paths) {
  return existsSync(paths.nodeBinary) ? paths.nodeBinary : null;
}

/**
 * The Node to run the workbench with.
 * @param {import('./paths.mjs').ProjectPaths} paths
 * @returns {string}
 */
export function nodeCommand(paths) {
  const chosen = chooseNode({
    installed: installedNode(paths),
    running: process.execPath,
    runningVersion: process.version,
  });
  if (!chosen)
    throw new SetupError('nodeRuntimeFailed', { version: requiredMajor, detail: paths.nodeBinary });
  return chosen;
}

/** @param {import('./paths.mjs').ProjectPaths} paths @returns {string} */
function wantedVersion(paths) {
  return JSON.parse(readFileSync(join(dirname(dirname(paths.nodeBinary)), 'package.json'), 'utf8')).version;
}

/**
 * @param {import('./paths.mjs').ProjectPaths} paths
 * @returns {import('./steps.mjs').Step}
 */
export function nodeRuntimeStep(paths) {
  return {
    name: 'nodeRuntime',
    isDone: () => installedNode(paths) !== null,
    run: async (progress) => {
      const version = wantedVersion(paths);
      try {
        await progress.step(message('nodeRuntime', { version }), () => installNode(paths, version));
      } catch (error) {
        if (majorOf(process.version) < requiredMajor) throw error;
        progress.line(`  ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}

/** @param {import('./paths.mjs').ProjectPaths} paths @param {string} version */
async function installNode(paths, version) {
  const npm = npmCommand();
  const rebuilt = await run(npm, ['rebuild', 'node', '--ignore-scripts=false', ...npmNetworkOptions], {
    cwd: paths.root,
    shell: process.platform === 'win32',
  });
  const failure = {
    what: `Node ${version}`,
    folder: paths.root,
    otherwise: /** @type {const} */ ('nodeRuntimeFailed'),
  };
  if (!rebuilt.ok)
    throw failureOf({
      ...failure,
      output: rebuilt.output,
      isCheckout: true,
      parameters: { version, needed: '300 MB' },
    });
  const tried = await run(paths.nodeBinary, ['--version'], { timeoutMs: 20_000 });
  if (!tried.ok || majorOf(tried.stdout.trim()) < requiredMajor) {
    throw new SetupError('nodeRuntimeFailed', {
      version,
      detail: tried.output.trim() || `exit code ${tried.code}`,
    });
  }
}
