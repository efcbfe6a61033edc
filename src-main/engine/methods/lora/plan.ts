import { type Problem, describeProblem } from '../../../contract/errors/index.ts';
import { modelFamilies } from '../../../contract/modelTypes.ts';
import type { OptionValues } from '../../../contract/options.ts';
import type { ModelOutline } from '../method.ts';
import type { loraOptions } from './spec.ts';
import {
  type TargetOptions,
  checkTargets,
  compilePattern,
  embeddingPath,
  findTargets,
  shortNames,
  targetsEmbeddings,
} from '../targets.ts';

export type LoraOptions = OptionValues<typeof loraOptions>;

export interface LoraLayer {
  readonly path: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly rank: number;
  /** s of y = Wx + s·BAx: α/r, or α/√r where rank-stabilised (https://arxiv.org/abs/2312.03732). */
  readonly scaling: number;
}

/** Matrices beside the table of word embeddings `[vocabulary, width]`. */
export interface LoraEmbedding {
  readonly path: string;
  readonly vocabulary: number;
  readonly width: number;
  readonly rank: number;
  readonly scaling: number;
}

/** Everything LoRA will do to a model, known without its weights. */
export interface LoraPlan {
  readonly layers: readonly LoraLayer[];
  /** Null where the word embeddings are no target. */
  readonly embedding: LoraEmbedding | null;
  /** Names of the model's own biases that are trained. */
  readonly biases: readonly string[];
  /** Modules trained and saved whole: the head's, then those asked for. */
  readonly savedModules: readonly string[];
  /** Names of the parameters inside those modules. */
  readonly savedNames: readonly string[];
}

/** The first entry whose key, as a regular expression, matches the end of a path (PEFT's rule), else the fallback. */
function lookUp(patterns: Readonly<Record<string, number>>, path: string, fallback: number): number {
  for (const [key, value] of Object.entries(patterns)) {
    if (compilePattern(key, (source) => `^(.*\\.)?(${source})$`)?.test(path)) return value;
  }
  return fallback;
}

/** Rank and scaling of the branch beside one layer. */
export function branchSize(
  options: Pick<LoraOptions, 'rank' | 'alpha' | 'rankPattern' | 'alphaPattern' | 'useRslora'>,
  path: string,
): Pick<LoraLayer, 'rank' | 'scaling'> {
  const rank = lookUp(options.rankPattern, path, options.rank);
  const alpha = lookUp(options.alphaPattern, path, options.alpha);
  return { rank, scaling: alpha / (options.useRslora ? Math.sqrt(rank) : rank) };
}

/** Full paths of modules: every leading part of a parameter's name. */
function modulePaths(outline: ModelOutline): Set<string> {
  const paths = new Set<string>();
  for (const name of outline.parameters.keys()) {
    const parts = name.split('.');
    for (let length = 1; length < parts.length; length++) paths.add(parts.slice(0, length).join('.'));
  }
  return paths;
}

/** Paths of the modules that names mean; a module inside another one of them is not listed twice. */
function findModules(outline: ModelOutline, names: readonly string[]): string[] {
  const found = [...modulePaths(outline)].filter((path) =>
    names.some((name) => path === name || path.endsWith(`.${name}`)),
  );
  return found.filter((path) => !found.some((other) => path.startsWith(`${other}.`)));
}

function isEncoderDecoder({ modelType }: ModelOutline): boolean {
  return modelFamilies.encoderDecoder.some((family) => family === modelType);
}

function targetOptions(outline: ModelOutline, options: LoraOptions): TargetOptions {
  const { targets, exclude, layers, modulesToSave } = options;
  return {
    targets,
    exclude,
    layers,
    savedModules: [...outline.headModules, ...modulesToSave],
    // Both halves of an encoder–decoder look words up in one table; PEFT changes what neither of them sees.
    embeddings: !isEncoderDecoder(outline),
  };
}

function namesInside(outline: ModelOutline, modules: readonly string[]): string[] {
  return [...outline.parameters.keys()].filter((name) =>
    modules.some((module) => name.startsWith(`${module}.`)),
  );
}

function planEmbedding(outline: ModelOutline, options: LoraOptions): LoraEmbedding | null {
  if (!targetsEmbeddings(outline, targetOptions(outline, options))) return null;
  const path = embeddingPath(outline);
  const [vocabulary = 0, width = 0] = outline.parameters.get(outline.wordEmbedding) ?? [];
  return { path, vocabulary, width, ...branchSize(options, path) };
}

export function planLora(outline: ModelOutline, options: LoraOptions): LoraPlan {
  const layers = findTargets(outline, targetOptions(outline, options)).flatMap((path) => {
    const linear = outline.linears.get(path);
    if (linear === undefined) return [];
    const { inFeatures, outFeatures } = linear;
    return [{ path, inFeatures, outFeatures, ...branchSize(options, path) }];
  });
  const savedModules = [...new Set([...outline.headModules, ...findModules(outline, options.modulesToSave)])];
  const savedNames = namesInside(outline, savedModules);
  const targeted = new Set(layers.map(({ path }) => `${path}.bias`));
  const biases = [...outline.parameters.keys()].filter((name) => {
    if (options.bias === 'none' || !name.endsWith('bias') || savedNames.includes(name)) return false;
    return options.bias === 'all' || targeted.has(name);
  });
  return { layers, embedding: planEmbedding(outline, options), biases, savedModules, savedNames };
}

function checkPatterns(options: LoraOptions, plan: LoraPlan): Problem[] {
  const paths = [...plan.layers.map(({ path }) => path), ...(plan.embedding ? [plan.embedding.path] : [])];
  const known = shortNames(paths).join(', ');
  return (['rankPattern', 'alphaPattern'] as const).flatMap((name) =>
    Object.entries(options[name]).flatMap(([pattern, value]) => {
      const isRank = name === 'rankPattern';
      if (value <= 0 || (isRank && !Number.isInteger(value))) {
        const expected = isRank ? '1, 2, 3 …' : '> 0';
        return [describeProblem('method.badPatternValue', { name, pattern, value, expected }, name)];
      }
      const isUsed = paths.some((path) => lookUp({ [pattern]: 1 }, path, 0) === 1);
      return isUsed ? [] : [describeProblem('method.patternMatchesNothing', { name, pattern, known }, name)];
    }),
  );
}

function checkModules(outline: ModelOutline, options: LoraOptions): Problem[] {
  return options.modulesToSave.flatMap((module) => {
    const found = findModules(outline, [module]);
    if (found.length === 0) {
      const isTiedHead = outline.tiedEmbeddings && module.endsWith('lm_head');
      if (isTiedHead) return [describeProblem('method.tiedModule', { module }, 'modulesToSave')];
      const known = shortNames(modulePaths(outline))
        .filter((name) => !/^\d+$/.test(name))
        .join(', ');
      return [describeProblem('method.noSuchModule', { module, known }, 'modulesToSave')];
    }
    const hasTied = namesInside(outline, found).some((name) => /(wte|embed_tokens)\.weight$/.test(name));
    return outline.tiedEmbeddings && hasTied
      ? [describeProblem('method.tiedModule', { module }, 'modulesToSave')]
      : [];
  });
}

/** Layers whose rank does not fit, the first of each kind. */
function checkRanks(plan: LoraPlan): Problem[] {
  const seen = new Set<string>();
  const { embedding } = plan;
  const table = embedding
    ? [{ ...embedding, inFeatures: embedding.vocabulary, outFeatures: embedding.width }]
    : [];
  return [...plan.layers, ...table].flatMap(({ path, rank, inFeatures, outFeatures }) => {
    const limit = Math.min(inFeatures, outFeatures);
    const kind = `${shortNames([path]).join()} ${limit}`;
    if (rank <= limit || seen.has(kind)) return [];
    seen.add(kind);
    const params = { rank, layer: path, inFeatures, outFeatures, limit };
    return [describeProblem('method.rankTooLarge', params, 'rank')];
  });
}

/** Forms that exclude each other. */
function checkForms(options: LoraOptions, plan: LoraPlan): Problem[] {
  const { useDora, loraBias, init } = options;
  const problems: Problem[] = [];
  if (useDora && loraBias) problems.push(describeProblem('method.doraWithBias', {}, 'loraBias'));
  if (useDora && init === 'pissa') problems.push(describeProblem('method.doraWithPissa', {}, 'init'));
  if (plan.embedding !== null && (useDora || loraBias || init === 'pissa')) {
    const params = { module: plan.embedding.path };
    problems.push(describeProblem('method.plainEmbedding', params, 'targets'));
  }
  return problems;
}

export function checkLora(outline: ModelOutline, options: LoraOptions): Problem[] {
  const problems = [
    ...checkTargets(outline, targetOptions(outline, options)),
    ...checkModules(outline, options),
  ];
  if (problems.length > 0) return problems;
  const plan = planLora(outline, options);
  return [...checkForms(options, plan), ...checkRanks(plan), ...checkPatterns(options, plan)];
}
