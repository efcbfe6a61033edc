/** Where set-up finds and leaves things. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * The per-user folder that keeps large downloads, so that a second checkout need not fetch them again.
 * @param {Record<string, string | undefined>} env
 * @param {string} platform a `process.platform`
 * @param {string} home the user's home folder
 * @returns {string}
 */
export function cacheFolder(env, platform, home) {
  if (env.TUNEBENCH_CACHE) return resolve(env.TUNEBENCH_CACHE);
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'tunebench', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'tunebench');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'tunebench');
}

/**
 * Every path set-up reads or writes, for one checkout.
 * @param {string} root the checkout's folder
 * @param {string} [platform] a `process.platform`
 */
export function projectPaths(root, platform = process.platform) {
  const modules = join(root, 'node_modules');
  const tfjs = join(modules, '@tensorflow', 'tfjs-node-gpu');
  return {
    root,
    modules,
    lockfile: join(root, 'package-lock.json'),
    installedLockfile: join(modules, '.package-lock.json'),
    nodeBinary: join(modules, 'node', 'bin', platform === 'win32' ? 'node.exe' : 'node'),
    record: join(modules, '.tunebench-setup.json'),
    setupLock: join(root, '.cache', 'setup.lock'),
    tfjs,
    libraries: join(tfjs, 'deps'),
    binding: join(tfjs, 'lib', 'napi-v8', 'tfjs_binding.node'),
    nodeHeaders: join(modules, 'node-api-headers', 'include'),
    kernelSources: join(root, 'src-main', 'native'),
    kernels: join(root, 'out', 'native', 'tunebench_kernels.node'),
    cache: cacheFolder(process.env, platform, homedir()),
  };
}

/** @typedef {ReturnType<typeof projectPaths>} ProjectPaths */
