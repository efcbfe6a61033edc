import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
} from '../../../contract/errors/index.ts';
import { isTable } from '../../formats/jsonFiles.ts';
import type { Model } from '../../models/model.ts';
import { outlineOfModel } from '../../models/outline.ts';
import type { LoraOptions, LoraPlan } from './plan.ts';
import { loraOptions } from './spec.ts';
import { allLinear, chooseTargets, isExpression } from './targets.ts';

const taskTypes = { classification: 'SEQ_CLS', causalLm: 'CAUSAL_LM' } as const;

/** Names as PEFT writes them: one regular expression as text, names as a list, nothing as null. */
function peftNames(names: readonly string[]): string | readonly string[] | null {
  if (names.length === 0) return null;
  return isExpression(names) ? (names[0] ?? null) : names;
}

/** The part of adapter_config.json that says what LoRA did. */
export function peftConfig(model: Model, options: LoraOptions, plan: LoraPlan): Record<string, unknown> {
  const targets = chooseTargets(outlineOfModel(model), options.targets);
  const isAll = targets.some((name) => name.toLowerCase() === allLinear);
  return {
    peft_type: 'LORA',
    task_type: taskTypes[model.task],
    r: options.rank,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    // PEFT, too, writes the layers "all-linear" stood for.
    target_modules: isAll ? plan.layers.map(({ path }) => path) : peftNames(targets),
    exclude_modules: peftNames(options.exclude),
    bias: options.bias,
    use_rslora: options.useRslora,
    use_dora: false,
    init_lora_weights: options.init === 'gaussian' ? 'gaussian' : true,
    rank_pattern: options.rankPattern,
    alpha_pattern: options.alphaPattern,
    layers_to_transform: options.layers.length > 0 && !isAll ? options.layers : null,
    layers_pattern: null,
    modules_to_save: plan.savedModules.length > 0 ? plan.savedModules : null,
    lora_bias: options.loraBias,
    fan_in_fan_out: plan.layers.some(({ path }) => model.linears.get(path)?.layout === 'inOut'),
  };
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNumberMap(value: unknown): value is Record<string, number> {
  return isTable(value) && Object.values(value).every((item) => Number.isFinite(item));
}

/** Settings that change what an adapter computes and that have no counterpart here; their harmless values. */
const unsupported: Readonly<Record<string, readonly unknown[]>> = {
  use_dora: [false],
  layers_pattern: [null],
  layer_replication: [null],
  target_parameters: [null],
  trainable_token_indices: [null],
  use_qalora: [false],
  alora_invocation_tokens: [null],
  arrow_config: [null],
};

function isHarmless(value: unknown, allowed: readonly unknown[]): boolean {
  return value === undefined || allowed.includes(value) || (Array.isArray(value) && value.length === 0);
}

/**
 * LoRA options from adapter_config.json. Unknown keys are ignored and missing ones take PEFT's defaults.
 * @param folder for error sentences
 * @throws TunebenchError with every setting that cannot be followed
 */
export function optionsFromPeft(config: Readonly<Record<string, unknown>>, folder: string): LoraOptions {
  if (config.peft_type !== 'LORA') {
    throw new TunebenchError('adapter.wrongType', { folder, type: String(config.peft_type ?? '–') });
  }
  const problems: Problem[] = [];
  const refuse = (name: string) => {
    const value = JSON.stringify(config[name]) ?? 'null';
    problems.push(describeProblem('adapter.badSetting', { folder, name, value }));
  };
  for (const [name, allowed] of Object.entries(unsupported)) {
    if (!isHarmless(config[name], allowed)) refuse(name);
  }
  const read = <Value>(name: string, fallback: Value, isValid: (value: unknown) => value is Value): Value => {
    const value = config[name];
    if (value == null) return fallback;
    if (isValid(value)) return value;
    refuse(name);
    return fallback;
  };
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
  const isNames = (value: unknown): value is string | string[] =>
    typeof value === 'string' || isStringList(value);
  const isLayers = (value: unknown): value is number | number[] =>
    isNumber(value) || (Array.isArray(value) && value.every(isNumber));
  const isBias = (value: unknown): value is LoraOptions['bias'] =>
    loraOptions.bias.choices.some((choice) => choice.value === value);
  const options: LoraOptions = {
    rank: read('r', 8, isNumber),
    alpha: read('lora_alpha', 8, isNumber),
    dropout: read('lora_dropout', 0, isNumber),
    targets: [read('target_modules', [], isNames)].flat(),
    exclude: [read('exclude_modules', [], isNames)].flat(),
    bias: read('bias', 'none', isBias),
    useRslora: read('use_rslora', false, isFlag),
    // How the matrices were started no longer matters: their trained values are loaded.
    init: config.init_lora_weights === 'gaussian' ? 'gaussian' : 'kaiming',
    rankPattern: read('rank_pattern', {}, isNumberMap),
    alphaPattern: read('alpha_pattern', {}, isNumberMap),
    layers: [read('layers_to_transform', [], isLayers)].flat(),
    modulesToSave: [read('modules_to_save', [], isStringList)].flat(),
    loraBias: read('lora_bias', false, isFlag),
  };
  if (problems.length > 0) throw errorFromProblems(problems);
  return options;
}
