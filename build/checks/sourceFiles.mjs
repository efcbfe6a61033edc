/** The project's own files: what git tracks or would track. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/command.mjs';

const foreign = new Set(['node_modules', 'out', 'dist', '.cache', '.tunebench', '.git']);

/**
 * @param {string} root
 * @returns {Promise<string[]>} paths relative to the root, with forward slashes
 */
export async function listSourceFiles(root) {
  const listed = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
  });
  if (!listed.ok) return walk(root, '');
  return [...new Set(listed.stdout.split('\0'))].filter((path) => path && existsSync(join(root, path)));
}

/** @param {string} root @param {string} folder @returns {string[]} */
function walk(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (foreign.has(entry.name)) return [];
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    return entry.isDirectory() ? walk(root, path) : [path];
  });
}
