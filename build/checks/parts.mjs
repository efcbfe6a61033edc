/** The parts of `npm run check`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/command.mjs';
import { findLockfileProblems, findStrayAddresses } from './hygiene.mjs';
import { findLayerProblems, findNameProblems } from './layers.mjs';
import { findLicenceProblems } from './licences.mjs';
import { listSourceFiles } from './sourceFiles.mjs';

/**
 * @typedef {object} CheckPart
 * @property {string} name
 * @property {() => Promise<string>} findProblems empty where there are none
 */

const text = /\.(ts|mjs|cjs|js|svelte|json|css|html|md|yml|yaml|py|cc|h|sh)$|(^|\/)(\.npmrc|\.ci\/run)$/;
const code = /\.(ts|mjs|cjs|js|svelte)$/;

/**
 * @param {string} root
 * @param {string} node the Node that runs the tools
 * @returns {CheckPart[]} the longest first
 */
export function checkParts(root, node) {
  /** @param {string} script @param {string[]} scriptArguments */
  const tool =
    (script, ...scriptArguments) =>
    async () => {
      const result = await run(node, [join(root, 'node_modules', script), ...scriptArguments], { cwd: root });
      return result.ok ? '' : result.output.trim() || `${script} ended with ${result.code ?? result.signal}`;
    };
  const buildInfo = join(root, '.cache', 'types.tsbuildinfo');
  const prettierCache = join(root, '.cache', 'prettier');
  return [
    { name: 'lint', findProblems: tool('eslint/bin/eslint.js', '.', '--max-warnings', '0') },
    {
      name: 'components',
      findProblems: tool(
        ...['svelte-check/bin/svelte-check', '--workspace', 'src-renderer', '--tsconfig', './tsconfig.json'],
        ...['--fail-on-warnings', '--output', 'human'],
      ),
    },
    {
      name: 'types',
      findProblems: tool(
        'typescript/bin/tsc',
        '-p',
        'tsconfig.json',
        '--incremental',
        '--tsBuildInfoFile',
        buildInfo,
      ),
    },
    {
      name: 'format',
      findProblems: tool(
        ...['prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'],
        ...['--cache', '--cache-strategy', 'content', '--cache-location', prettierCache],
      ),
    },
    { name: 'layers', findProblems: async () => findLayerProblems(await readAll(root, code)).join('\n') },
    { name: 'names', findProblems: async () => findNameProblems(await listSourceFiles(root)).join('\n') },
    {
      name: 'addresses',
      findProblems: async () => findStrayAddresses(await readAll(root, text), root).join('\n'),
    },
    {
      name: 'lockfile',
      findProblems: async () => findLockfileProblems(readJson(root, 'package-lock.json')).join('\n'),
    },
    { name: 'licences', findProblems: async () => licenceProblems(root).join('\n') },
  ];
}

/** @param {string} root @param {string} path */
function readJson(root, path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** @param {string} root @param {RegExp} kind */
async function readAll(root, kind) {
  const paths = (await listSourceFiles(root)).filter((path) => kind.test(path));
  return paths.map((path) => ({ path, source: readFileSync(join(root, path), 'utf8') }));
}

/** @param {string} root */
function licenceProblems(root) {
  return findLicenceProblems(readJson(root, 'package-lock.json'), (path) => {
    const description = join(path, 'package.json');
    if (!existsSync(join(root, description))) return null;
    const { license, licenses } = readJson(root, description);
    return license ?? licenses?.[0]?.type ?? null;
  });
}
