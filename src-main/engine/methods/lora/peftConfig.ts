import type { Model } from '../../models/model.ts';
import { outlineOfModel } from '../../models/outline.ts';
import type { LoraOptions, LoraPlan } from './plan.ts';
import { loraOptions } from './spec.ts';
import { PeftSettings, peftNames, taskTypes } from '../peftSettings.ts';
import { allLinear, chooseTargets } from '../targets.ts';

/** The part of adapter_config.json that says what LoRA did. */
export function peftConfig(model: Model, options: LoraOptions, plan: LoraPlan): Record<string, unknown> {
  const targets = chooseTargets(outlineOfModel(model), options.targets);
  const isAll = targets.some((name) => name.toLowerCase() === allLinear);
  return {
    peft_type: 'LORA',
    task_type: taskTypes[model.head],
    r: options.rank,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    // PEFT, too, writes the layers "all-linear" stood for.
    target_modules: isAll
      ? [...plan.layers, ...(plan.embedding ? [plan.embedding] : [])].map(({ path }) => path)
      : peftNames(targets),
    exclude_modules: peftNames(options.exclude),
    bias: options.bias,
    use_rslora: options.useRslora,
    use_dora: options.useDora,
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

/** Settings that change what an adapter computes and that have no counterpart here; their harmless values. */
const unsupported: Readonly<Record<string, readonly unknown[]>> = {
  layers_pattern: [null],
  layer_replication: [null],
  target_parameters: [null],
  trainable_token_indices: [null],
  use_qalora: [false],
  alora_invocation_tokens: [null],
  arrow_config: [null],
};

/** Starts that were taken off the base model in a way that cannot be repeated here. */
const changesBase = ['olora', 'corda', 'lora_ga'];

/**
 * LoRA options from adapter_config.json. Unknown keys are ignored and missing ones take PEFT's defaults.
 * @param folder for error sentences
 * @throws TunebenchError with every setting that cannot be followed
 */
export function optionsFromPeft(config: Readonly<Record<string, unknown>>, folder: string): LoraOptions {
  const settings = new PeftSettings(config, folder);
  for (const [name, allowed] of Object.entries(unsupported)) settings.expect(name, allowed);
  const init = config['init_lora_weights'];
  if (changesBase.some((name) => String(init).startsWith(name))) settings.expect('init_lora_weights', []);
  const biases = loraOptions.bias.choices.map(({ value }) => value);
  const options: LoraOptions = {
    rank: settings.number('r', 8),
    alpha: settings.number('lora_alpha', 8),
    dropout: settings.number('lora_dropout', 0),
    targets: settings.names('target_modules'),
    exclude: settings.names('exclude_modules'),
    bias: settings.choice('bias', biases, 'none'),
    useRslora: settings.flag('use_rslora', false),
    useDora: settings.flag('use_dora', false),
    rateRatio: 1,
    // How the matrices were started matters only where their start was taken off the base model.
    init: String(init).startsWith('pissa') ? 'pissa' : init === 'gaussian' ? 'gaussian' : 'kaiming',
    rankPattern: settings.numberMap('rank_pattern'),
    alphaPattern: settings.numberMap('alpha_pattern'),
    layers: settings.numbers('layers_to_transform'),
    modulesToSave: settings.names('modules_to_save'),
    loraBias: settings.flag('lora_bias', false),
  };
  settings.finish();
  return options;
}
