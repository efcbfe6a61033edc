import { hubName } from '../../formats/adapterHub.ts';
import type { Block, BlockShape } from '../../models/hooks.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { attachAddition } from '../addition.ts';
import type { Attached, Method, ModelOutline } from '../method.ts';
import { PeftSettings } from '../peftSettings.ts';
import { attachInvertible, countInvertible } from './invertible.ts';
import {
  type BottleneckActivation,
  type BottleneckAdapter,
  bottleneckOf,
  makeAdapter,
  parametersOf,
  runHoulsby,
  runPfeiffer,
} from './adapter.ts';

export interface BottleneckOptions {
  readonly reductionFactor: number;
  readonly activation: BottleneckActivation;
  readonly exactStart: boolean;
  /** An invertible adapter behind the embeddings: width of half a word embedding divided by its bottleneck. */
  readonly invertibleFactor?: number;
}

/** Where adapters stand: behind both sub-layers of a block, or behind the feed-forward one. */
export type Placement = 'houlsby' | 'pfeiffer';

export function widthOf({ linears }: ModelOutline, { output }: BlockShape): number {
  return linears.get(output)?.outFeatures ?? 0;
}

/** Modules the adapters library puts its adapters into. */
export function adapterPaths({ path, output }: BlockShape, name: string) {
  // BERT and its relatives hold them in the modules of the sub-layers' outputs.
  const isBertLike = output.endsWith('.attention.output.dense');
  // T5 holds them in its sub-layers, of which the decoder's blocks have one more.
  const isT5Like = output.endsWith('.layer.0.SelfAttention.o');
  const inside = isBertLike
    ? ['attention.output', 'output']
    : isT5Like
      ? ['layer.0', path.startsWith('decoder.') ? 'layer.2' : 'layer.1']
      : ['attention_adapters', 'output_adapters'];
  const [attention = '', feedForward = ''] = inside.map((part) => `${path}.${part}.adapters.${name}`);
  return { attention, feedForward };
}

/** Settings of the library's BnConfig; those it insists on having as floats keep its defaults, which are the same. */
export function bottleneckConfig(
  options: Pick<BottleneckOptions, 'reductionFactor' | 'activation' | 'invertibleFactor'>,
  placement: Placement,
): Record<string, unknown> {
  return {
    mh_adapter: placement === 'houlsby',
    output_adapter: true,
    reduction_factor: options.reductionFactor,
    non_linearity: options.activation,
    original_ln_before: placement === 'pfeiffer',
    original_ln_after: true,
    ln_before: false,
    ln_after: false,
    residual_before_ln: true,
    adapter_residual_before_ln: false,
    cross_adapter: false,
    init_weights: 'bert',
    inv_adapter: options.invertibleFactor === undefined ? null : 'nice',
    inv_adapter_reduction_factor: options.invertibleFactor ?? null,
    is_parallel: false,
    leave_out: [],
    phm_layer: false,
    use_gating: false,
  };
}

function setHooks(
  block: Block,
  name: string,
  make: (path: string) => BottleneckAdapter,
  placement: Placement,
) {
  if (block.feedForwardOutput !== null || block.attentionOutput !== null) {
    throw new Error(`Two methods want the outputs of ${block.path}.`);
  }
  const paths = adapterPaths(block, name);
  const feedForward = make(paths.feedForward);
  if (placement === 'pfeiffer') {
    block.feedForwardOutput = (output, around) => runPfeiffer(feedForward, output, around);
    return [feedForward];
  }
  const attention = make(paths.attention);
  block.attentionOutput = (output) => runHoulsby(attention, output);
  block.feedForwardOutput = (output) => runHoulsby(feedForward, output);
  return [attention, feedForward];
}

/** @param name the adapter's name in its tensors' names */
export function attachBottleneck(
  model: Model,
  options: BottleneckOptions,
  placement: Placement,
  seed: number,
  name: string = hubName,
): Attached {
  const outline = outlineOfModel(model);
  const { backend } = model.wordEmbedding.value;
  const adapters = model.hooks.blocks.flatMap((block) => {
    const width = widthOf(outline, block);
    const bottleneck = bottleneckOf(width, options.reductionFactor);
    const make = (path: string) => makeAdapter(backend, path, { ...options, width, bottleneck, seed });
    return setHooks(block, name, make, placement);
  });
  const { invertibleFactor } = options;
  const invertible =
    invertibleFactor === undefined
      ? []
      : attachInvertible(model, name, { ...options, reductionFactor: invertibleFactor, seed });
  return attachAddition(model, {
    parameters: [...adapters.flatMap(parametersOf), ...invertible],
    library: 'adapters',
    config: bottleneckConfig(options, placement),
    wrapping: '',
    merge: null,
    takeOff() {
      for (const block of model.hooks.blocks) {
        block.attentionOutput = null;
        block.feedForwardOutput = null;
      }
      model.hooks.embedded = null;
      model.hooks.beforeVocabulary = null;
    },
  });
}

/** Settings that change what an adapter computes and that have no counterpart here; their harmless values. */
const unsupported: Readonly<Record<string, readonly unknown[]>> = {
  ln_before: [false],
  ln_after: [false],
  original_ln_after: [true],
  residual_before_ln: [true],
  adapter_residual_before_ln: [false],
  cross_adapter: [false],
  is_parallel: [false],
  leave_out: [],
  phm_layer: [false],
  scaling: [1],
  use_gating: [false],
};

/** How such adapters come back from a folder of the adapters library. */
export function bottleneckHub(
  placement: Placement,
  kind: 'plain' | 'invertible' = 'plain',
): NonNullable<Method['hub']> {
  const inverse = kind === 'plain' ? [null] : ['nice'];
  return {
    recognises: (config) =>
      (config['architecture'] ?? null) === null &&
      config['mh_adapter'] === (placement === 'houlsby') &&
      ((config['inv_adapter'] ?? null) !== null) === (kind === 'invertible'),
    attach(model, config, name, folder) {
      const settings = new PeftSettings(config, folder);
      for (const [setting, harmless] of Object.entries(unsupported)) settings.expect(setting, harmless);
      settings.expect('inv_adapter', inverse);
      settings.expect('original_ln_before', [placement === 'pfeiffer']);
      const options: BottleneckOptions = {
        reductionFactor: settings.number('reduction_factor', 16),
        activation: settings.choice('non_linearity', ['swish', 'relu', 'gelu'], 'relu'),
        exactStart: true,
        ...(kind === 'invertible'
          ? { invertibleFactor: settings.number('inv_adapter_reduction_factor', 2) }
          : {}),
      };
      settings.finish();
      return attachBottleneck(model, options, placement, 0, name);
    },
  };
}

export function countBottleneck(outline: ModelOutline, options: BottleneckOptions, placement: Placement) {
  const perBlock = placement === 'houlsby' ? 2 : 1;
  const added = outline.blocks.reduce((total, block) => {
    const width = widthOf(outline, block);
    const bottleneck = bottleneckOf(width, options.reductionFactor);
    return total + perBlock * (2 * width * bottleneck + bottleneck + width);
  }, 0);
  const { invertibleFactor } = options;
  const invertible = invertibleFactor === undefined ? 0 : countInvertible(outline, invertibleFactor);
  return { own: countValues(outline, outline.headNames), added: added + invertible };
}
