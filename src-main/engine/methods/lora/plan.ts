import { type Problem, describeProblem } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import type { ModelOutline } from '../method.ts';
import type { loraOptions } from './spec.ts';
import { type TargetOptions, checkTargets, compilePattern, findTargets, shortNames } from '../targets.ts';

export type LoraOptions = OptionValues<typeof loraOptions>;

export interface LoraLayer {
  readonly path: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly rank: number;
  /** s of y = Wx + s·BAx: α/r, or α/√r where rank-stabilised (https://arxiv.org/abs/2312.03732). */
  readonly scaling: number;
}

/** Everything LoRA will do to a model, known without its weights. */
export interface LoraPlan {
  readonly layers: readonly LoraLayer[];
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

function targetOptions(outline: ModelOutline, options: LoraOptions): TargetOptions {
  const { targets, exclude, layers, modulesToSave } = options;
  return { targets, exclude, layers, savedModules: [...outline.headModules, ...modulesToSave] };
}

function namesInside(outline: ModelOutline, modules: readonly string[]): string[] {
  return [...outline.parameters.keys()].filter((name) =>
    modules.some((module) => name.startsWith(`${module}.`)),
  );
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
  return { layers, biases, savedModules, savedNames };
}

function checkPatterns(options: LoraOptions, plan: LoraPlan): Problem[] {
  const known = shortNames(plan.layers.map(({ path }) => path)).join(', ');
  return (['rankPattern', 'alphaPattern'] as const).flatMap((name) =>
    Object.entries(options[name]).flatMap(([pattern, value]) => {
      const isRank = name === 'rankPattern';
      if (value <= 0 || (isRank && !Number.isInteger(value))) {
        const expected = isRank ? '1, 2, 3 …' : '> 0';
        return [describeProblem('method.badPatternValue', { name, pattern, value, expected }, name)];
      }
      const isUsed = plan.layers.some(({ path }) => lookUp({ [pattern]: 1 }, path, 0) === 1);
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
  return plan.layers.flatMap(({ path, rank, inFeatures, outFeatures }) => {
    const limit = Math.min(inFeatures, outFeatures);
    const kind = `${shortNames([path]).join()} ${limit}`;
    if (rank <= limit || seen.has(kind)) return [];
    seen.add(kind);
    const params = { rank, layer: path, inFeatures, outFeatures, limit };
    return [describeProblem('method.rankTooLarge', params, 'rank')];
  });
}

export function checkLora(outline: ModelOutline, options: LoraOptions): Problem[] {
  const problems = [
    ...checkTargets(outline, targetOptions(outline, options)),
    ...checkModules(outline, options),
  ];
  if (problems.length > 0) return problems;
  const plan = planLora(outline, options);
  const both =
    options.useDora && options.loraBias ? [describeProblem('method.doraWithBias', {}, 'loraBias')] : [];
  return [...both, ...checkRanks(plan), ...checkPatterns(options, plan)];
}
