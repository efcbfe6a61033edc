import { errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import { normalValues, uniformValues } from '../../initialValues.ts';
import type { BlockShape, KeyValuePrefix } from '../../models/hooks.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { linear, reshape, slice, tanh, transpose } from '../../ops/index.ts';
import { addParameter, attachAddition } from '../addition.ts';
import type { Attached, Method, ModelOutline } from '../method.ts';
import { PeftSettings } from '../peftSettings.ts';
import { checkVirtualTokens, promptConfig, promptTable, promptWrapping, savedTokens } from '../softPrompt.ts';
import { prefixTuningSpec } from './spec.ts';

type Options = OptionValues<typeof prefixTuningSpec.options>;

export interface PrefixShape {
  readonly length: number;
  readonly blocks: number;
  readonly heads: number;
  /** Of all key and value heads of one block together. */
  readonly width: number;
}

export function shapeOf(blocks: readonly BlockShape[], length: number): PrefixShape {
  const [first] = blocks;
  const heads = first?.keyValueHeads ?? 1;
  return { length, blocks: blocks.length, heads, width: heads * (first?.headSize ?? 1) };
}

/**
 * One block's keys and values out of a table `[length, 2·blocks·width]`, in which each token's row holds block after
 * block the key and then the value: `[1, heads, length, width / heads]` each.
 */
export function keyValuesOf(table: Tensor, { length, heads, width }: PrefixShape, block: number) {
  const part = (index: number) => {
    const columns = slice(table, [0, (2 * block + index) * width], [length, width]);
    const split = transpose(reshape(columns, [length, heads, width / heads]), [1, 0, 2]);
    return reshape(split, [1, heads, length, width / heads]);
  };
  return { k: part(0), v: part(1) };
}

function attachPrefix(
  model: Model,
  shape: PrefixShape,
  given: {
    readonly config: Readonly<Record<string, unknown>>;
    readonly parameters: readonly Parameter[];
    /** → `[length, 2·blocks·width]` */
    readonly makeTable: () => Tensor;
  },
): Attached {
  if (model.hooks.keyValues !== null) throw new Error('Two methods want a prefix in every block.');
  const prefix: KeyValuePrefix = {
    length: shape.length,
    takesPositions: true,
    prepare: () => [given.makeTable()],
    keyValues(block, [table]) {
      if (table === undefined) throw new Error('The prefix was not prepared.');
      return keyValuesOf(table, shape, block);
    },
  };
  model.hooks.keyValues = prefix;
  const { length, blocks, width } = shape;
  const saved = { shape: [length, 2 * blocks * width], compute: given.makeTable };
  return attachAddition(model, {
    parameters: given.parameters,
    config: given.config,
    wrapping: promptWrapping,
    tensors: given.parameters.some(({ name }) => name === promptTable)
      ? undefined
      : new Map([[promptTable, saved]]),
    merge: null,
    takeOff() {
      model.hooks.keyValues = null;
    },
  });
}

function attachTable(
  model: Model,
  shape: PrefixShape,
  start: Float32Array | number,
  config: Readonly<Record<string, unknown>>,
): Attached {
  const { backend } = model.wordEmbedding.value;
  const size = [shape.length, 2 * shape.blocks * shape.width];
  const table = addParameter(backend, promptTable, size, start);
  return attachPrefix(model, shape, { config, parameters: [table], makeTable: () => table.value });
}

/** Table = tanh(embedding·W₀ᵀ + b₀)·W₂ᵀ + b₂, named as the modules of PEFT's PrefixEncoder. */
function attachProjected(
  model: Model,
  shape: PrefixShape,
  { hiddenSize, zeroStart }: Options,
  seed: number,
  config: Readonly<Record<string, unknown>>,
): Attached {
  const { backend } = model.wordEmbedding.value;
  const { length, width, blocks } = shape;
  const outputs = 2 * blocks * width;
  const make = (name: string, size: readonly number[], limit: number) => {
    const whole = `prompt_encoder.${name}`;
    const count = size.reduce((product, one) => product * one, 1);
    const start = limit === 0 ? 0 : uniformValues(seed, whole, count, limit);
    return addParameter(backend, whole, size, start);
  };
  const name = 'prompt_encoder.embedding.weight';
  const embedding = addParameter(backend, name, [length, width], normalValues(seed, name, length * width, 1));
  const outerLimit = zeroStart ? 0 : 1 / Math.sqrt(hiddenSize);
  const inner = {
    weight: make('transform.0.weight', [hiddenSize, width], 1 / Math.sqrt(width)),
    bias: make('transform.0.bias', [hiddenSize], 1 / Math.sqrt(width)),
  };
  const outer = {
    weight: make('transform.2.weight', [outputs, hiddenSize], outerLimit),
    bias: make('transform.2.bias', [outputs], outerLimit),
  };
  const makeTable = () => {
    const hidden = tanh(linear(embedding.value, inner.weight.value, inner.bias.value));
    return linear(hidden, outer.weight.value, outer.bias.value);
  };
  const parameters = [embedding, inner.weight, inner.bias, outer.weight, outer.bias];
  return attachPrefix(model, shape, { config, parameters, makeTable });
}

/** What PEFT calls heads and width are those of keys and values. */
function configOf({ length, blocks, heads, width }: PrefixShape, options: Options): Record<string, unknown> {
  return {
    ...promptConfig('PREFIX_TUNING', length, { width, layers: blocks, heads }),
    encoder_hidden_size: options.projection ? options.hiddenSize : width,
    prefix_projection: options.projection,
  };
}

const savedOptions: Options = { virtualTokens: 0, projection: false, hiddenSize: 0, zeroStart: true };

/** A saved prefix is the table itself, however it was trained. */
function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached {
  const settings = new PeftSettings(config, folder);
  const length = savedTokens(settings);
  settings.finish();
  const shape = shapeOf(model.hooks.blocks, length);
  return attachTable(model, shape, 0, configOf(shape, savedOptions));
}

function countPrefix(outline: ModelOutline, { virtualTokens, projection, hiddenSize }: Options): number {
  const { blocks, width } = shapeOf(outline.blocks, virtualTokens);
  const outputs = 2 * blocks * width;
  if (!projection) return virtualTokens * outputs;
  return virtualTokens * width + hiddenSize * (width + 1) + outputs * (hiddenSize + 1);
}

/** Prefix tuning (https://arxiv.org/abs/2101.00190) as PEFT does it: positions of the text begin behind the prefix. */
export const prefixTuning: Method<typeof prefixTuningSpec.options> = {
  spec: prefixTuningSpec,
  output: 'adapter',
  saved: { peftType: 'PREFIX_TUNING', attach: attachSaved },
  positions: ({ virtualTokens }) => virtualTokens,
  check: (outline, { virtualTokens }) => checkVirtualTokens(outline, virtualTokens),
  count: (outline, options) => ({
    own: countValues(outline, outline.headNames),
    added: countPrefix(outline, options),
  }),
  attach(model, options, seed) {
    const problems = checkVirtualTokens(outlineOfModel(model), options.virtualTokens);
    if (problems.length > 0) throw errorFromProblems(problems);
    const shape = shapeOf(model.hooks.blocks, options.virtualTokens);
    const config = configOf(shape, options);
    if (options.projection) return attachProjected(model, shape, options, seed, config);
    const size = shape.length * 2 * shape.blocks * shape.width;
    const start = options.zeroStart ? 0 : normalValues(seed, promptTable, size, 1);
    return attachTable(model, shape, start, config);
  },
};
