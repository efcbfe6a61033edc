/** The npm packages of package-lock.json in node_modules. */
import { existsSync, readFileSync } from 'node:fs';
import { findExecutable, run } from './command.mjs';
import { failureOf } from './diagnose.mjs';
import { SetupError, message } from './messages.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Whether npm's record of what it installed holds every package of the lockfile at its version. npm writes that
 * record last, so an interrupted installation has none. Optional packages may be missing: they belong to other
 * platforms.
 * @param {Lockfile} wanted the package-lock.json
 * @param {Lockfile | null} installed node_modules/.package-lock.json
 * @returns {boolean}
 */
export function packagesMatch(wanted, installed) {
  if (!installed?.packages || !wanted.packages) return false;
  for (const [path, locked] of Object.entries(wanted.packages)) {
    if (path === '' || locked.link) continue;
    const present = installed.packages[path];
    if (!present && locked.optional) continue;
    if (present?.version !== locked.version) return false;
  }
  return true;
}

/** @param {string} path @returns {Lockfile | null} */
function readLockfile(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Short waits, so that a network that is not there is reported within seconds. */
export const npmNetworkOptions = [
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/**
 * npm's program, or the failure to report.
 * @param {Record<string, string | undefined>} env
 * @returns {string}
 */
export function npmCommand(env = process.env) {
  const npm = findExecutable(['npm'], env);
  if (!npm) throw new SetupError('npmMissing');
  return npm;
}

/**
 * @param {import('./paths.mjs').ProjectPaths} paths
 * @returns {import('./steps.mjs').Step}
 */
export function packagesStep(paths) {
  return {
    name: 'packages',
    isDone: () => {
      const wanted = readLockfile(paths.lockfile);
      return wanted !== null && packagesMatch(wanted, readLockfile(paths.installedLockfile));
    },
    run: async (progress) => {
      const npm = npmCommand();
      await progress.step(message('packages'), async () => {
        const result = await run(npm, ['ci', '--no-audit', '--no-fund', ...npmNetworkOptions], {
          cwd: paths.root,
          shell: process.platform === 'win32',
        });
        if (result.ok) return;
        throw failureOf({
          output: result.output,
          what: message('packages'),
          folder: paths.root,
          otherwise: 'packagesFailed',
        });
      });
    },
  };
}
