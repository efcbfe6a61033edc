/** What must not be committed: addresses of package registries, paths of one machine. */

/** @typedef {{ path: string, source: string }} SourceFile */

// Written in parts, for this file is checked too.
const registryHosts = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['registry', 'npmmirror', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
].map((parts) => parts.join('.'));

const homeFolders = /(?:\/home|\/Users|C:\\\\?Users)[/\\](?!user\b|you\b|name\b)[\w.-]+[/\\]/;

/**
 * @param {SourceFile[]} files
 * @param {string} root the checkout's absolute path, which no file should name
 * @returns {string[]} a sentence each
 */
export function findStrayAddresses(files, root) {
  return files.flatMap(({ path, source }) =>
    source.split('\n').flatMap((line, index) => {
      const place = `${path}:${index + 1}`;
      const host = registryHosts.find((candidate) => line.includes(candidate));
      if (host) return [`${place}: names the package registry ${host}`];
      const folder = line.includes(`${root}/`) ? root : homeFolders.exec(line)?.[0];
      return folder ? [`${place}: names the folder ${folder} of one machine`] : [];
    }),
  );
}

/**
 * A lockfile must work with every registry: versions and hashes only.
 * @param {{ packages?: Record<string, { resolved?: string, integrity?: string, version?: string, link?: boolean, inBundle?: boolean }> }} lockfile
 * @returns {string[]} a sentence each
 */
export function findLockfileProblems(lockfile) {
  return Object.entries(lockfile.packages ?? {}).flatMap(([path, locked]) => {
    if (path === '' || locked.link) return [];
    if (locked.resolved)
      return [`package-lock.json: ${path} names the address it came from: ${locked.resolved}`];
    // A bundled package comes inside another one, whose hash covers it.
    return locked.integrity || locked.inBundle ? [] : [`package-lock.json: ${path} has no integrity hash`];
  });
}
