/** The npm packages of package-lock.json in node_modules. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { findExecutable, run } from './command.mjs';
import { diagnose, failureOf } from './diagnose.mjs';
import { requireSpace } from './disk.mjs';
import { SetupError, message } from './messages.mjs';
import { formatBytes } from './progress.mjs';

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
 * Whether npm's report shows that nothing can be reached: it would try every package in turn, for minutes.
 * @param {string} report
 * @returns {boolean}
 */
export function networkIsGone(report) {
  const failures =
    report.match(/attempt (\d+) failed with (?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH)/g) ?? [];
  const hasAnswers = /fetch GET (?:200|304)/.test(report);
  return (
    failures.some((failure) => failure.startsWith('attempt 2')) || (failures.length >= 15 && !hasAnswers)
  );
}

/** What npm needs on the disk of the checkout, about. */
const packagesBytes = 900_000_000;

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
      await requireSpace(paths.root, packagesBytes);
      const abort = new AbortController();
      let report = '';
      /** @param {string} text */
      const onOutput = (text) => {
        report += text;
        if (networkIsGone(report) || diagnose(text, {}) === 'diskFull') abort.abort();
      };
      const received = () => report.match(/fetch GET 200 \S+\.tgz/g)?.length ?? 0;
      const install = async () => {
        const npmArguments = ['ci', '--no-audit', '--no-fund', '--loglevel=http', ...npmNetworkOptions];
        const shell = process.platform === 'win32';
        const result = await run(npm, npmArguments, {
          cwd: paths.root,
          shell,
          onOutput,
          abort: abort.signal,
        });
        // A full disk is a mere warning to npm: left alone, it leaves files out and ends well.
        const isWhole = result.ok && diagnose(result.output, {}) !== 'diskFull';
        if (isWhole) return;
        rmSync(paths.installedLockfile, { force: true });
        throw failureOf({
          output: result.output,
          what: message('npmPackages'),
          folder: paths.root,
          otherwise: 'packagesFailed',
          isCheckout: true,
          parameters: { needed: formatBytes(packagesBytes) },
        });
      };
      await progress.step(message('packages'), install, () => `${received()} ${message('files')}`);
    },
  };
}
