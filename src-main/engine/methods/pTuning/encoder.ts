import type { OptionValues } from '../../../contract/options.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import type { Backend } from '../../backend/backend.ts';
import { normalValues, uniformValues } from '../../initialValues.ts';
import { linear, relu } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import { type LstmWeights, runLstm } from './lstm.ts';
import type { pTuningSpec } from './spec.ts';

export type PTuningOptions = OptionValues<typeof pTuningSpec.options>;

interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  /** Values start uniformly in ±limit, or from N(0, 1). */
  readonly start: { readonly limit: number } | 'normal';
}

function linearParts(name: string, inFeatures: number, outFeatures: number): Part[] {
  const start = { limit: 1 / Math.sqrt(inFeatures) };
  return [
    { name: `${name}.weight`, shape: [outFeatures, inFeatures], start },
    { name: `${name}.bias`, shape: [outFeatures], start },
  ];
}

function lstmParts(layer: number, width: number, hidden: number): Part[] {
  const inFeatures = layer === 0 ? width : 2 * hidden;
  const start = { limit: 1 / Math.sqrt(hidden) };
  return ['', '_reverse'].flatMap((direction) => {
    const name = (part: string) => `lstm_head.${part}_l${layer}${direction}`;
    return [
      { name: name('weight_ih'), shape: [4 * hidden, inFeatures], start },
      { name: name('weight_hh'), shape: [4 * hidden, hidden], start },
      { name: name('bias_ih'), shape: [4 * hidden], start },
      { name: name('bias_hh'), shape: [4 * hidden], start },
    ];
  });
}

/** Everything trainable of a prompt encoder, named as the modules of PEFT's PromptEncoder and started as they are. */
export function encoderParts(options: PTuningOptions, width: number): Part[] {
  const { virtualTokens, hiddenSize: hidden, encoder, encoderLayers } = options;
  const table: Part = { name: 'embedding.weight', shape: [virtualTokens, width], start: 'normal' };
  if (encoder === 'mlp') {
    return [
      table,
      ...linearParts('mlp_head.0', width, hidden),
      ...linearParts('mlp_head.2', hidden, hidden),
      ...linearParts('mlp_head.4', hidden, width),
    ];
  }
  const layers = Array.from({ length: encoderLayers }, (_, layer) => lstmParts(layer, width, hidden));
  return [
    table,
    ...layers.flat(),
    ...linearParts('mlp_head.0', 2 * hidden, 2 * hidden),
    ...linearParts('mlp_head.2', 2 * hidden, width),
  ];
}

export interface PromptEncoder {
  readonly parameters: readonly Parameter[];
  /** → `[virtual tokens, width]` */
  readonly encode: () => Tensor;
}

/** The network that makes the virtual tokens. */
export function makeEncoder(
  backend: Backend,
  options: PTuningOptions,
  width: number,
  seed: number,
): PromptEncoder {
  const parts = new Map(
    encoderParts(options, width).map(({ name, shape, start }) => {
      const whole = `prompt_encoder.${name}`;
      const size = shape.reduce((product, length) => product * length, 1);
      const values =
        start === 'normal'
          ? normalValues(seed, whole, size, 1)
          : uniformValues(seed, whole, size, start.limit);
      return [name, addParameter(backend, whole, shape, values)] as const;
    }),
  );
  const value = (name: string): Tensor => {
    const parameter = parts.get(name);
    if (parameter === undefined) throw new Error(`The prompt encoder has no ${name}.`);
    return parameter.value;
  };
  const apply = (name: string, x: Tensor) => linear(x, value(`${name}.weight`), value(`${name}.bias`));
  const direction = (layer: number, suffix: string): LstmWeights => ({
    input: value(`lstm_head.weight_ih_l${layer}${suffix}`),
    hidden: value(`lstm_head.weight_hh_l${layer}${suffix}`),
    inputBias: value(`lstm_head.bias_ih_l${layer}${suffix}`),
    hiddenBias: value(`lstm_head.bias_hh_l${layer}${suffix}`),
  });
  const encode = () => {
    const table = value('embedding.weight');
    if (options.encoder === 'mlp') {
      const inner = relu(apply('mlp_head.2', relu(apply('mlp_head.0', table))));
      return apply('mlp_head.4', inner);
    }
    const layers = Array.from({ length: options.encoderLayers }, (_, layer) => ({
      forward: direction(layer, ''),
      backward: direction(layer, '_reverse'),
    }));
    return apply('mlp_head.2', relu(apply('mlp_head.0', runLstm(table, layers))));
  };
  return { parameters: [...parts.values()], encode };
}
