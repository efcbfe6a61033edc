import { keep, scope } from '../../autodiff/scope.ts';
import { Parameter, type Tensor } from '../../autodiff/tensor.ts';
import type { Model } from '../../models/model.ts';
import { outlineOfModel } from '../../models/outline.ts';
import { filled, fromValues } from '../../ops/index.ts';
import { addParameter, attachAddition } from '../addition.ts';
import type { AdapterContents, Attached, SavedTensor } from '../method.ts';
import { wrapped } from '../peftSettings.ts';
import {
  type BlockModules,
  firstColumns,
  firstRows,
  makeModules,
  parametersOf,
  runAdapter,
  runLora,
  startValues,
} from './modules.ts';
import { type Genome, decodeGenome, encodeGenome, widthsOf } from './space.ts';

/** No other program knows these folders; the name says whose they are. */
export const peftType = 'NOAH';

const promptName = 'noah.prompt';

/** A supernet on a model, of which one sub-network computes at a time. */
export interface Network {
  readonly attached: Attached;
  /** The sizes that count, as a checkpoint keeps them. */
  readonly state: Parameter;
  /** Lets a sub-network compute, for the moment; null: the one that `state` says. */
  show(genome: Genome | null): void;
  /** Decides the sub-network. */
  settle(genome: Genome): void;
  /** Gives everything its initial values again. */
  restart(): void;
  /** The sub-network as an adapter: every tensor in its size. */
  describe(): AdapterContents | null;
}

/** Saved tensors of one block in the sizes of a sub-network. */
function saveBlock(modules: BlockModules, rank: number, width: number): [string, SavedTensor][] {
  const part = (
    parameter: Parameter,
    shape: readonly number[],
    compute: () => Tensor,
  ): [string, SavedTensor] => [
    parameter.name,
    shape.join() === parameter.shape.join() ? parameter : { shape, compute },
  ];
  const { lora, adapter } = modules;
  const rows = (parameter: Parameter, count: number) =>
    part(parameter, [count, ...parameter.shape.slice(1)], () => firstRows(parameter, count));
  const columns = (parameter: Parameter, count: number) =>
    part(parameter, [parameter.shape[0] ?? 0, count], () => firstColumns(parameter, count));
  return [
    ...(lora && rank > 0 ? [rows(lora.a, rank), ...[...lora.b.values()].map((b) => columns(b, rank))] : []),
    ...(adapter && width > 0
      ? [
          rows(adapter.down, width),
          rows(adapter.downBias, width),
          columns(adapter.up, width),
          rows(adapter.upBias, adapter.upBias.shape[0] ?? 0),
        ]
      : []),
  ];
}

/** @param largest sizes of everything that is made */
export function attachNetwork(model: Model, largest: Genome, seed: number): Network {
  if (model.hooks.prompt !== null) throw new Error('Two methods want to put virtual tokens before the text.');
  const outline = outlineOfModel(model);
  const { backend, shape: tableShape } = model.wordEmbedding.value;
  const width = tableShape[1] ?? 0;
  const promptShape = [largest.prompt, width];
  const prompt = addParameter(backend, promptName, promptShape, startValues(seed, promptName, promptShape));
  const blocks = model.hooks.blocks.map((block, index) => {
    const sizes = { rank: largest.ranks[index] ?? 0, width: largest.widths[index] ?? 0 };
    const outFeatures = (path: string) => model.linears.get(path)?.outFeatures ?? 0;
    return makeModules(backend, block, outFeatures, widthsOf(outline, block), sizes, seed);
  });
  const parameters = [prompt, ...blocks.flatMap(parametersOf)];

  const stateOf = (genome: Genome) => {
    const numbers = Float32Array.from(encodeGenome(genome));
    return scope(() => keep(fromValues(backend, numbers, [numbers.length], 'float32')));
  };
  const state = new Parameter('noah.genome', stateOf(largest));
  let shown: Genome | null = null;
  let known: { readonly from: Tensor; readonly genome: Genome } | null = null;
  const current = (): Genome => {
    if (shown) return shown;
    const from = state.value;
    if (known?.from !== from) known = { from, genome: decodeGenome(Array.from(from.values())) };
    return known.genome;
  };

  model.hooks.prompt = {
    get length() {
      return current().prompt;
    },
    embed: () => firstRows(prompt, current().prompt),
  };
  model.hooks.blocks.forEach((block, index) => {
    const { lora, adapter } = blocks[index] ?? { lora: null, adapter: null };
    for (const [path, b] of lora?.b ?? []) {
      const layer = model.linears.get(path);
      if (!lora || !layer) continue;
      if (layer.transform !== null) throw new Error(`Two methods want the layer ${path}.`);
      layer.transform = (x, output) => {
        const rank = current().ranks[index] ?? 0;
        return rank === 0 ? output : runLora(lora.a, b, rank, x, output);
      };
    }
    if (!adapter) return;
    if (block.feedForwardOutput !== null) throw new Error(`Two methods want the outputs of ${block.path}.`);
    block.feedForwardOutput = (output) => {
      const size = current().widths[index] ?? 0;
      return size === 0 ? output : runAdapter(adapter, size, output);
    };
  });

  const attached = attachAddition(model, {
    parameters,
    config: { peft_type: peftType, ...largest },
    wrapping: wrapped,
    merge: null,
    takeOff() {
      model.hooks.prompt = null;
      for (const { lora } of blocks) {
        for (const path of lora?.b.keys() ?? []) {
          const layer = model.linears.get(path);
          if (layer) layer.transform = null;
        }
      }
      for (const block of model.hooks.blocks) block.feedForwardOutput = null;
      state.dispose();
    },
  });
  return {
    attached,
    state,
    show(genome) {
      shown = genome;
    },
    settle(genome) {
      shown = null;
      state.assign(stateOf(genome));
    },
    restart() {
      for (const parameter of parameters) {
        const start = startValues(seed, parameter.name, parameter.shape);
        parameter.assign(
          scope(() =>
            keep(
              typeof start === 'number'
                ? filled(backend, parameter.shape, start)
                : fromValues(backend, start, parameter.shape, 'float32'),
            ),
          ),
        );
      }
    },
    describe() {
      const genome = current();
      const { adapter } = attached;
      if (adapter === null) return null;
      const added = new Set(parameters.map(({ name }) => name));
      const heads = [...adapter.tensors].filter(([name]) => !added.has(name));
      const rows = genome.prompt;
      const own: [string, SavedTensor] = [
        promptName,
        rows === largest.prompt ? prompt : { shape: [rows, width], compute: () => firstRows(prompt, rows) },
      ];
      const parts = blocks.flatMap((block, index) =>
        saveBlock(block, genome.ranks[index] ?? 0, genome.widths[index] ?? 0),
      );
      return {
        ...adapter,
        config: { ...adapter.config, ...genome },
        tensors: new Map([own, ...parts, ...heads]),
      };
    },
  };
}
