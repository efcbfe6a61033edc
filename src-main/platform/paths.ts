import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { TunebenchError } from '../contract/errors/index.ts';
import { describeFileError, systemErrorCode, withFileErrors } from './fileErrors.ts';
import { nameParts } from './names.ts';

/** Whether `path` is `root` or lies below it; both absolute, with links already resolved. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

function refuseOutside(path: string, allowedRoots: readonly string[]): never {
  throw new TunebenchError('platform.outsideAllowedFolder', { path, allowed: allowedRoots.join(', ') });
}

/**
 * The real path of something from outside, links resolved before anything is decided.
 * @throws TunebenchError where it is missing, of the wrong kind, or (with `allowedRoots`) outside all of them
 */
export function resolveOutsidePath(
  path: string,
  options: { kind?: 'file' | 'folder'; allowedRoots?: readonly string[] } = {},
): string {
  if (path === '' || path.includes('\0')) {
    throw new TunebenchError('platform.missing', { path: path.replaceAll('\0', '␀') });
  }
  const asked = resolve(expandHome(path));
  let real: string;
  try {
    real = realpathSync(asked);
  } catch (error) {
    // Outside the allowed folders not even existence is told.
    const roots = options.allowedRoots;
    if (roots && !roots.some((root) => isInside(resolve(root), asked))) refuseOutside(asked, roots);
    throw describeFileError(error, asked);
  }
  const roots = options.allowedRoots;
  if (
    roots &&
    !roots.some((root) =>
      isInside(
        withFileErrors(root, () => realpathSync(root)),
        real,
      ),
    )
  ) {
    refuseOutside(asked, roots);
  }
  const found = withFileErrors(asked, () => statSync(real));
  if (options.kind === 'file' && !found.isFile()) {
    throw new TunebenchError('platform.notAFile', { path: asked });
  }
  if (options.kind === 'folder' && !found.isDirectory()) {
    throw new TunebenchError('platform.notAFolder', { path: asked });
  }
  return real;
}

function deepestExisting(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const parent = dirname(path);
    if (systemErrorCode(error) !== 'ENOENT' || parent === path) throw describeFileError(error, path);
    return deepestExisting(parent);
  }
}

/**
 * A path below `root` for a relative name from outside (`/` between parts). It need not exist; links on the way must
 * not lead out.
 * @throws TunebenchError `platform.badName` or `platform.outsideAllowedFolder`
 */
export function pathBelow(root: string, name: string): string {
  const path = join(resolve(root), ...nameParts(name));
  const realRoot = withFileErrors(root, () => realpathSync(root));
  if (!isInside(realRoot, deepestExisting(path))) refuseOutside(path, [root]);
  return path;
}
