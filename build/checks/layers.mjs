/** Who may import whom. The directions are those of ARCHITECTURE.md. */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import typescript from 'typescript';

/** @typedef {{ path: string, source: string }} SourceFile */

const leaves = ['engine', 'datasets', 'tuning', 'store', 'platform'];

/** For every layer, the layers it may import besides itself. @type {Record<string, string[]>} */
const layers = {
  contract: [],
  engine: ['contract'],
  datasets: ['contract'],
  tuning: ['contract'],
  store: ['contract'],
  platform: ['contract'],
  services: ['contract', ...leaves],
  rpc: ['contract', ...leaves, 'services'],
  hosts: ['contract', ...leaves, 'services', 'rpc'],
  renderer: ['contract'],
};

/** Packages that only some folders may use. @type {{ packages: RegExp, folders: string[] }[]} */
const owners = [
  { packages: /^electron$/, folders: ['src-main/hosts/electron'] },
  { packages: /^@tensorflow\//, folders: ['src-main/engine/backend'] },
  { packages: /^better-sqlite3$/, folders: ['src-main/store', 'src-main/platform/folderLock.ts'] },
  { packages: /^ws$/, folders: ['src-main/hosts'] },
  { packages: /^commander$/, folders: ['src-main/hosts/cli'] },
  { packages: /^@orpc\/server$/, folders: ['src-main/rpc', 'src-main/hosts'] },
  { packages: /^@orpc\/client$/, folders: ['src-main/rpc', 'src-main/hosts', 'src-renderer'] },
  { packages: /^(svelte|bits-ui|chart\.js|@lucide\/svelte)$/, folders: ['src-renderer'] },
  { packages: /^builtin$/, folders: ['src-main/platform', 'src-main/hosts'] },
];

/** Modules of Node that only compute: nothing of the machine is reached through them. */
const computingModules = /^node:(buffer|crypto|events|stream|string_decoder|util)$/;
const computingFolders = ['src-main/datasets', 'src-main/store', 'src-main/services', 'src-main/rpc'];

/** Where methods meet models: the parts of a model with and without its weights, and the places methods hook into. */
const meetingPoints = ['model.ts', 'outline.ts', 'hooks.ts'].map((name) => `src-main/engine/models/${name}`);

const contractPackages = /^(zod|@orpc\/contract)$/;

/**
 * The layer a file belongs to, or null for files outside the layers (tests, build programs, configuration).
 * @param {string} path relative to the project root
 * @returns {string | null}
 */
export function layerOf(path) {
  if (path.startsWith('src-renderer/')) return 'renderer';
  const match = /^src-main\/([^/]+)\//.exec(path);
  return match?.[1] ?? null;
}

/** @param {string} specifier @returns {string} `zod` of `zod/mini`, `@a/b` of `@a/b/c`, `builtin` of `fs` and `node:fs` */
function packageOf(specifier) {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'builtin';
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

/**
 * What a source file imports, statically or not, types included.
 * @param {SourceFile} file
 * @returns {string[]}
 */
export function importsOf({ path, source }) {
  const scripts = path.endsWith('.svelte')
    ? [...source.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '')
    : [source];
  return scripts.flatMap((script) =>
    typescript.preProcessFile(script, true, true).importedFiles.map((found) => found.fileName),
  );
}

/** @param {string} path @param {string} folder */
const isInside = (path, folder) => path === folder || path.startsWith(`${folder}/`);

/** @param {string} path @param {string} specifier @returns {string | null} why the import is wrong */
function packageProblem(path, specifier) {
  const name = packageOf(specifier);
  if (layerOf(path) === 'contract' && !contractPackages.test(name)) {
    return `the contract uses zod and @orpc/contract only`;
  }
  if (computingModules.test(specifier) && computingFolders.some((folder) => isInside(path, folder)))
    return null;
  const owner = owners.find((candidate) => candidate.packages.test(name));
  if (!owner || owner.folders.some((folder) => isInside(path, folder))) return null;
  return `only ${owner.folders.join(', ')} may import ${name === 'builtin' ? 'Node’s own modules' : name}`;
}

/** @param {string} path @param {string} target @returns {string | null} why the import is wrong */
function directionProblem(path, target) {
  const layer = layerOf(path) ?? '';
  const targetLayer = layerOf(target);
  if (!targetLayer)
    return target.startsWith('src-') ? null : `the product does not import ${target.split('/')[0]}/`;
  if (layer !== targetLayer && !layers[layer]?.includes(targetLayer))
    return `${layer} may not import ${targetLayer}`;
  if (isInside(path, 'src-main/engine/models') && isInside(target, 'src-main/engine/methods')) {
    return 'models do not know methods';
  }
  const isMethodOnModel =
    isInside(path, 'src-main/engine/methods') && isInside(target, 'src-main/engine/models');
  if (isMethodOnModel && !meetingPoints.includes(target)) {
    return `methods know models through ${meetingPoints.join(' and ')} only`;
  }
  return null;
}

/**
 * Every import that goes the wrong way.
 * @param {SourceFile[]} files
 * @returns {string[]} a sentence each
 */
export function findLayerProblems(files) {
  return files.flatMap((file) => {
    const layer = layerOf(file.path);
    if (!layer) return [];
    if (!(layer in layers))
      return [`${file.path}: src-main/${layer} is no layer; add it to build/checks/layers.mjs`];
    return importsOf(file).flatMap((specifier) => {
      const isRelative = specifier.startsWith('.');
      const target = posix.normalize(posix.join(posix.dirname(file.path), specifier));
      const problem = isRelative ? directionProblem(file.path, target) : packageProblem(file.path, specifier);
      return problem ? [`${file.path}: imports ${specifier}: ${problem}`] : [];
    });
  });
}

const camelCase = /^\.?[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*\.(ts|mjs|js|cjs)$/;
const migration = /(^|\/)migrations\/\d{4}-[a-z][a-zA-Z0-9]*\.ts$/;
const pascalCase = /^[A-Z][a-zA-Z0-9]*\.svelte$/;

/**
 * Files whose names break the house's spelling.
 * @param {string[]} paths
 * @returns {string[]} a sentence each
 */
export function findNameProblems(paths) {
  return paths.flatMap((path) => {
    const name = posix.basename(path);
    if (/\.svelte$/.test(name))
      return pascalCase.test(name) ? [] : [`${path}: components are named in PascalCase`];
    if (!/\.(ts|mjs|js|cjs)$/.test(name)) return [];
    return camelCase.test(name) || migration.test(path) ? [] : [`${path}: files are named in camelCase`];
  });
}
