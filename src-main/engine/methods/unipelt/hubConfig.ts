import { isTable } from '../../formats/jsonFiles.ts';
import { bottleneckConfig } from '../bottleneck/attach.ts';
import { PeftSettings } from '../peftSettings.ts';
import type { UniPeltOptions } from './plan.ts';

/** The three parts as the library's ConfigUnion lists them; what it insists on having as floats keeps its defaults. */
export function hubConfigOf(options: UniPeltOptions): Record<string, unknown> {
  const prefix = {
    architecture: 'prefix_tuning',
    prefix_length: options.prefixLength,
    bottleneck_size: options.hiddenSize,
    non_linearity: 'tanh',
    flat: false,
    use_gating: true,
    shared_gating: true,
    leave_out: [],
  };
  const adapter = { ...bottleneckConfig(options, 'pfeiffer'), use_gating: true };
  // The gate stands in place of alpha over rank.
  const lora = {
    architecture: 'lora',
    r: options.rank,
    alpha: 2,
    attn_matrices: ['q', 'v'],
    selfattn_lora: true,
    intermediate_lora: false,
    output_lora: false,
    composition_mode: 'add',
    init_weights: 'lora',
    use_gating: true,
    leave_out: [],
  };
  return { architecture: 'union', configs: [prefix, adapter, lora] };
}

/** Settings that change what a part computes and that have no counterpart here; their harmless values. */
const expected: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  prefix_tuning: {
    flat: [false],
    use_gating: [true],
    shared_gating: [true],
    non_linearity: ['tanh'],
    leave_out: [],
  },
  bottleneck: {
    mh_adapter: [false],
    output_adapter: [true],
    original_ln_before: [true],
    original_ln_after: [true],
    ln_before: [false],
    ln_after: [false],
    residual_before_ln: [true],
    adapter_residual_before_ln: [false],
    cross_adapter: [false],
    is_parallel: [false],
    leave_out: [],
    phm_layer: [false],
    scaling: [1],
    inv_adapter: [null],
    use_gating: [true],
  },
  lora: {
    selfattn_lora: [true],
    intermediate_lora: [false],
    output_lora: [false],
    composition_mode: ['add'],
    use_gating: [true],
    use_dora: [false],
    leave_out: [],
  },
};

/**
 * The options of a union of the three parts.
 * @throws TunebenchError with every setting of a part that cannot be followed, or a part that is missing
 */
export function readHubConfig(config: Readonly<Record<string, unknown>>, folder: string): UniPeltOptions {
  const listed: unknown[] = Array.isArray(config['configs']) ? config['configs'] : [];
  const parts = new Map(
    listed.filter(isTable).map((part) => [String(part['architecture'] ?? 'bottleneck'), part] as const),
  );
  const names = [...parts.keys()].sort().join(', ');
  const union = new PeftSettings({ configs: names }, folder);
  union.expect('configs', ['bottleneck, lora, prefix_tuning']);
  union.finish();
  const settingsOf = (name: string) => {
    const settings = new PeftSettings(parts.get(name) ?? {}, folder);
    for (const [setting, harmless] of Object.entries(expected[name] ?? {}))
      settings.expect(setting, harmless);
    return settings;
  };
  const prefix = settingsOf('prefix_tuning');
  const adapter = settingsOf('bottleneck');
  const lora = settingsOf('lora');
  const options: UniPeltOptions = {
    prefixLength: prefix.number('prefix_length', 30),
    hiddenSize: prefix.number('bottleneck_size', 512),
    reductionFactor: adapter.number('reduction_factor', 16),
    activation: adapter.choice('non_linearity', ['swish', 'relu', 'gelu'], 'relu'),
    rank: lora.number('r', 8),
  };
  for (const settings of [prefix, adapter, lora]) settings.finish();
  return options;
}
