import type { Model } from '../../models/model.ts';
import { outlineOfModel } from '../../models/outline.ts';
import type { LoraPlan } from '../lora/plan.ts';
import { PeftSettings, peftNames, taskTypes } from '../peftSettings.ts';
import { allLinear, chooseTargets } from '../targets.ts';
import type { AdaLoraOptions } from './plan.ts';
import type { Phases } from './schedule.ts';
import { adaloraOptions } from './spec.ts';

/** Which ranks of each layer stay, by the layer's path; null while nothing is decided. */
export type RankPattern = ReadonlyMap<string, readonly boolean[]>;

const suffix = '.lora_E';

/** The part of adapter_config.json that says what AdaLoRA did. */
export function peftConfig(
  model: Model,
  options: AdaLoraOptions,
  plan: LoraPlan,
  phases: Phases,
  pattern: RankPattern | null,
): Record<string, unknown> {
  const targets = chooseTargets(outlineOfModel(model), options.targets);
  const isAll = targets.some((name) => name.toLowerCase() === allLinear);
  return {
    peft_type: 'ADALORA',
    task_type: taskTypes[model.head],
    init_r: options.initialRank,
    target_r: options.targetRank,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    tinit: phases.initialSteps,
    tfinal: phases.finalSteps,
    deltaT: phases.everySteps,
    total_step: phases.totalSteps,
    beta1: options.sensitivityDecay,
    beta2: options.uncertaintyDecay,
    orth_reg_weight: options.orthogonality,
    rank_pattern: pattern && Object.fromEntries([...pattern].map(([path, kept]) => [path + suffix, kept])),
    // PEFT, too, writes the layers "all-linear" stood for.
    target_modules: isAll ? plan.layers.map(({ path }) => path) : peftNames(targets),
    exclude_modules: peftNames(options.exclude),
    bias: options.bias,
    init_lora_weights: true,
    layers_to_transform: options.layers.length > 0 && !isAll ? options.layers : null,
    layers_pattern: null,
    modules_to_save: plan.savedModules.length > 0 ? plan.savedModules : null,
    fan_in_fan_out: plan.layers.some(({ path }) => model.linears.get(path)?.layout === 'inOut'),
  };
}

export interface SavedAdaLora {
  readonly options: AdaLoraOptions;
  readonly phases: Phases;
  readonly pattern: RankPattern | null;
}

/**
 * AdaLoRA as adapter_config.json describes it; missing settings take PEFT's defaults.
 * @throws TunebenchError with every setting that cannot be followed
 */
export function readPeftConfig(config: Readonly<Record<string, unknown>>, folder: string): SavedAdaLora {
  const settings = new PeftSettings(config, folder);
  settings.expect('layers_pattern', [null]);
  settings.expect('use_dora', [false]);
  const biases = adaloraOptions.bias.choices.map(({ value }) => value);
  const phases: Phases = {
    totalSteps: settings.number('total_step', 1),
    initialSteps: settings.number('tinit', 0),
    finalSteps: settings.number('tfinal', 0),
    everySteps: settings.number('deltaT', 1),
  };
  const options: AdaLoraOptions = {
    targetRank: settings.number('target_r', 8),
    initialRank: settings.number('init_r', 12),
    alpha: settings.number('lora_alpha', 8),
    dropout: settings.number('lora_dropout', 0),
    targets: settings.names('target_modules'),
    exclude: settings.names('exclude_modules'),
    bias: settings.choice('bias', biases, 'none'),
    layers: settings.numbers('layers_to_transform'),
    modulesToSave: settings.names('modules_to_save'),
    initialShare: 0,
    finalShare: 0,
    everySteps: phases.everySteps,
    orthogonality: settings.number('orth_reg_weight', 0.5),
    sensitivityDecay: settings.number('beta1', 0.85),
    uncertaintyDecay: settings.number('beta2', 0.85),
  };
  const pattern = settings.flagLists('rank_pattern');
  settings.finish();
  const entries = Object.entries(pattern).map(
    ([name, kept]) => [name.replace(/\.lora_E$/, ''), kept] as const,
  );
  return { options, phases, pattern: entries.length > 0 ? new Map(entries) : null };
}
