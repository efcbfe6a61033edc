import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import type { ModelOutline } from '../models/outline.ts';

/** Attention's query and value under the names of the architectures known; the first pair a model has is its default. */
const defaultTargets = [
  ['query', 'value'],
  ['query_proj', 'value_proj'],
  ['q_proj', 'v_proj'],
  ['q_lin', 'v_lin'],
  ['q', 'v'],
  ['c_attn'],
  ['qkv_proj'],
  ['query_key_value'],
];

export const allLinear = 'all-linear';

/** Whether a target list is one regular expression rather than names. */
export function isExpression(names: readonly string[]): boolean {
  return names.length === 1 && /[\\^$*+?()[\]{}|]/.test(names[0] ?? '');
}

/** A Python regular expression as JavaScript spells it, or null where it is none. */
export function compilePattern(pattern: string, shape: (source: string) => string): RegExp | null {
  try {
    return new RegExp(shape(pattern.replaceAll('(?P<', '(?<')));
  } catch {
    return null;
  }
}

/** Path equal to a name, or ending in a dot and the name. */
function endsIn(path: string, name: string): boolean {
  return path === name || path.endsWith(`.${name}`);
}

/** Which paths a list of names, or one regular expression for whole paths, means. */
export function makeMatcher(names: readonly string[]): (path: string) => boolean {
  if (!isExpression(names)) return (path) => names.some((name) => endsIn(path, name));
  const pattern = compilePattern(names[0] ?? '', (source) => `^(?:${source})$`);
  return (path) => pattern?.test(path) ?? false;
}

/** The number of the block a path lies in: its first numeric part. */
function layerOf(path: string): number | null {
  const part = path.split('.').find((segment) => /^\d+$/.test(segment));
  return part === undefined ? null : Number(part);
}

/** Last path segments of some layers, each once. */
export function shortNames(paths: Iterable<string>): string[] {
  return [...new Set([...paths].map((path) => path.split('.').at(-1) ?? path))];
}

export interface TargetOptions {
  readonly targets: readonly string[];
  readonly exclude: readonly string[];
  readonly layers: readonly number[];
  /** Modules trained in full: nothing inside them is targeted. */
  readonly savedModules: readonly string[];
  /** Whether the table of word embeddings can be a target, too. */
  readonly embeddings?: boolean;
}

/** The targets as given, or the model's usual ones. */
export function chooseTargets(outline: ModelOutline, targets: readonly string[]): readonly string[] {
  if (targets.length > 0) return targets;
  const known = shortNames(outline.linears.keys());
  return defaultTargets.find((names) => names.every((name) => known.includes(name))) ?? [allLinear];
}

/** Paths of the linear layers that get an adapter, in the model's order (PEFT's rules). */
export function findTargets(outline: ModelOutline, options: TargetOptions): string[] {
  const targets = chooseTargets(outline, options.targets);
  const isTarget = targets.some((name) => name.toLowerCase() === allLinear)
    ? () => true
    : makeMatcher(targets);
  const isExcluded = makeMatcher(options.exclude);
  return [...outline.linears.keys()].filter((path) => {
    if (!isTarget(path) || isExcluded(path)) return false;
    if (options.savedModules.some((module) => `.${path}.`.includes(`.${module}.`))) return false;
    const layer = layerOf(path);
    return options.layers.length === 0 || (layer !== null && options.layers.includes(layer));
  });
}

/** Path of the table that token ids are looked up in, as targets name it. */
export function embeddingPath({ wordEmbedding }: ModelOutline): string {
  return wordEmbedding.replace(/\.weight$/, '');
}

/** Whether the word embeddings are among the targets: only where they are named; "all-linear" does not mean them. */
export function targetsEmbeddings(outline: ModelOutline, options: TargetOptions): boolean {
  const path = embeddingPath(outline);
  if (!options.embeddings || options.layers.length > 0) return false;
  if (options.savedModules.some((module) => `.${path}.`.includes(`.${module}.`))) return false;
  return makeMatcher(options.targets)(path) && !makeMatcher(options.exclude)(path);
}

/** Everything wrong with the choice of layers. */
export function checkTargets(outline: ModelOutline, options: TargetOptions): Problem[] {
  const problems: Problem[] = [];
  const paths = [...outline.linears.keys(), ...(options.embeddings ? [embeddingPath(outline)] : [])];
  const known = shortNames(paths).join(', ');
  for (const names of [options.targets, options.exclude]) {
    const [pattern = ''] = names;
    if (!isExpression(names) || compilePattern(pattern, (source) => source)) continue;
    problems.push(describeProblem('method.badPattern', { pattern, detail: 'regular expression' }));
    return problems;
  }
  for (const target of options.targets) {
    if (target.toLowerCase() === allLinear) continue;
    const isMatch = isExpression(options.targets)
      ? makeMatcher(options.targets)
      : (path: string) => endsIn(path, target);
    if (paths.some(isMatch)) continue;
    problems.push(describeProblem('method.targetMatchesNothing', { target, known }, 'targets'));
  }
  const last = Math.max(...paths.map((path) => layerOf(path) ?? 0));
  for (const layer of options.layers) {
    if (layer < 0 || layer > last) {
      problems.push(describeProblem('method.noSuchLayer', { layer, last }, 'layers'));
    }
  }
  const isNothing = findTargets(outline, options).length === 0 && !targetsEmbeddings(outline, options);
  if (problems.length === 0 && isNothing) {
    problems.push(describeProblem('method.nothingTargeted', {}, 'targets'));
  }
  return problems;
}
