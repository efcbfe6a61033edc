/** Licences of what ships: permissive ones only. */

const permissive = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'Unlicense', 'CC0-1.0'],
  ...['BlueOak-1.0.0', 'Python-2.0', 'PSF-2.0', 'Zlib', 'WTFPL'],
]);

/**
 * Whether an SPDX expression allows use under permissive terms.
 * @param {string} expression such as `(MIT OR GPL-3.0-only)`
 * @returns {boolean}
 */
export function isPermissive(expression) {
  const plain = expression.replace(/[()]/g, ' ').trim();
  return plain
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((part) => permissive.has(part.trim())));
}

/**
 * @param {{ packages?: Record<string, { license?: string, version?: string, dev?: boolean }> }} lockfile
 * @param {(path: string) => string | null} readLicence the licence in an installed package's own description
 * @returns {string[]} a sentence each
 */
export function findLicenceProblems(lockfile, readLicence) {
  return Object.entries(lockfile.packages ?? {}).flatMap(([path, locked]) => {
    if (path === '' || locked.dev) return [];
    const licence = locked.license ?? readLicence(path);
    if (!licence) return [`${path}@${locked.version}: names no licence`];
    return isPermissive(licence)
      ? []
      : [`${path}@${locked.version}: licence ${licence} is not on the permissive list`];
  });
}
