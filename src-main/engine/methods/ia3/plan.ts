import { type Problem, describeProblem } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import type { ModelOutline } from '../method.ts';
import { allLinear, checkTargets, findTargets, makeMatcher, shortNames } from '../targets.ts';
import type { ia3Options } from './spec.ts';

export type Ia3Options = OptionValues<typeof ia3Options>;

export interface Ia3Layer {
  readonly path: string;
  /** Whether its input is rescaled rather than its output. */
  readonly isFeedForward: boolean;
  /** Numbers learned: as many as the layer has inputs or outputs. */
  readonly size: number;
}

interface UsualChoice {
  readonly targets: readonly string[];
  readonly feedForward: readonly string[];
}

/** Which layers are rescaled, nothing left open. */
export interface Ia3Choice extends UsualChoice {
  readonly exclude: readonly string[];
}

/** Keys, values and the second feed-forward layer as architectures call them; the first that a model has all of. */
const usualChoices: readonly UsualChoice[] = [
  { targets: ['key', 'value', 'output.dense'], feedForward: ['output.dense'] },
  { targets: ['key_proj', 'value_proj', 'output.dense'], feedForward: ['output.dense'] },
  { targets: ['k_lin', 'v_lin', 'lin2'], feedForward: ['lin2'] },
  { targets: ['c_attn', 'mlp.c_proj'], feedForward: ['mlp.c_proj'] },
  { targets: ['k_proj', 'v_proj', 'down_proj'], feedForward: ['down_proj'] },
  { targets: ['qkv_proj', 'down_proj'], feedForward: ['down_proj'] },
  { targets: ['k_proj', 'v_proj', 'fc2'], feedForward: ['fc2'] },
  { targets: ['query_key_value', 'dense_4h_to_h'], feedForward: ['dense_4h_to_h'] },
  { targets: ['k', 'v', 'wo'], feedForward: ['wo'] },
];

function usualChoice(outline: ModelOutline): UsualChoice {
  const paths = [...outline.linears.keys()];
  const has = (name: string) => paths.some((path) => path.endsWith(`.${name}`));
  return usualChoices.find(({ targets }) => targets.every(has)) ?? { targets: [allLinear], feedForward: [] };
}

/** The layers as given, or the model's usual ones. */
export function chooseIa3(outline: ModelOutline, options: Ia3Options): Ia3Choice {
  const usual = usualChoice(outline);
  return {
    targets: options.targets.length > 0 ? options.targets : usual.targets,
    feedForward: options.feedForward.length > 0 ? options.feedForward : usual.feedForward,
    exclude: options.exclude,
  };
}

function targetOptions(outline: ModelOutline, { targets, exclude }: Ia3Choice) {
  return { targets, exclude, layers: [], savedModules: outline.headModules };
}

export function planIa3(outline: ModelOutline, choice: Ia3Choice): Ia3Layer[] {
  const isFeedForward = makeMatcher(choice.feedForward);
  return findTargets(outline, targetOptions(outline, choice)).flatMap((path) => {
    const linear = outline.linears.get(path);
    if (linear === undefined) return [];
    const atInput = isFeedForward(path);
    return [{ path, isFeedForward: atInput, size: atInput ? linear.inFeatures : linear.outFeatures }];
  });
}

export function checkIa3(outline: ModelOutline, options: Ia3Options): Problem[] {
  const choice = chooseIa3(outline, options);
  const problems = checkTargets(outline, targetOptions(outline, choice));
  if (problems.length > 0) return problems;
  const paths = planIa3(outline, choice).map(({ path }) => path);
  return options.feedForward.flatMap((name) => {
    if (paths.some(makeMatcher([name]))) return [];
    const known = shortNames(paths).join(', ');
    return [describeProblem('method.feedForwardNotTargeted', { name, known }, 'feedForward')];
  });
}
