import { errorFromProblems } from '../../../contract/errors/index.ts';
import type { Parameter } from '../../autodiff/tensor.ts';
import { hubName } from '../../formats/adapterHub.ts';

import type { Block, BlockShape } from '../../models/hooks.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { multiply, reshape } from '../../ops/index.ts';
import { attachAddition } from '../addition.ts';
import { type BottleneckAdapter, bottleneckOf, makeAdapter, parametersOf } from '../bottleneck/adapter.ts';
import { adapterPaths, widthOf } from '../bottleneck/attach.ts';
import type { Attached, Method, ModelOutline } from '../method.ts';
import { keyValuesOf, shapeOf } from '../prefixTuning/attach.ts';
import { type Gate, GateGauge, applyGate, makeGate } from './gate.ts';
import { hubConfigOf, readHubConfig } from './hubConfig.ts';
import { makeGatedBranch, makePrefixNetwork, runGatedAdapter, runGatedBranch } from './parts.ts';
import { type UniPeltOptions, checkUniPelt } from './plan.ts';
import { uniPeltSpec } from './spec.ts';

/** The module of a block that holds its attention's linear layers. */
function attentionPath({ query }: BlockShape): string {
  return query.slice(0, query.lastIndexOf('.'));
}

/** Where the adapters library keeps the prefix all blocks share. */
function prefixPath(block: BlockShape, name: string): string {
  const [model = ''] = block.path.split('.');
  const place = attentionPath(block).endsWith('.self') ? 'self_prefix' : 'self';
  return `${model}.prefix_tuning.prefix_tunings.${name}.${place}`;
}

function gateParameters({ weight, bias }: Gate): Parameter[] {
  return [weight, bias];
}

/** What is put into one block. */
interface GatedBlock {
  readonly prefixGate: Gate;
  readonly parameters: readonly Parameter[];
}

/** @param name the adapter's name in its tensors' names */
function attachTo(model: Model, options: UniPeltOptions, seed: number, name: string): Attached {
  const outline = outlineOfModel(model);
  const { backend } = model.wordEmbedding.value;
  const { blocks } = model.hooks;
  const [first] = blocks;
  if (first === undefined) throw new Error('A model without blocks has nothing to gate.');
  if (model.hooks.keyValues !== null) throw new Error('Two methods want a prefix in every block.');
  const gauges = { lora: new GateGauge(), prefix: new GateGauge(), adapter: new GateGauge() };

  const setBranch = (path: string) => {
    const target = model.linears.get(path);
    if (target === undefined) throw new Error(`The model has no layer ${path}.`);
    if (target.transform !== null) throw new Error(`Two methods want the layer ${path}.`);
    const own = `${path}.loras.${name}`;
    const gate = makeGate(backend, `${own}.gate`, target.inFeatures, seed, false);
    const branch = makeGatedBranch(backend, target, { path: own, rank: options.rank, gate, seed });
    target.transform = (x, output, pass) =>
      runGatedBranch(branch, x, output, pass, (open) => gauges.lora.note(open, pass));
    return [branch.a, branch.b, ...gateParameters(gate)];
  };
  const setAdapter = (block: Block) => {
    if (block.feedForwardOutput !== null) throw new Error(`Two methods want the outputs of ${block.path}.`);
    const width = widthOf(outline, block);
    const path = adapterPaths(block, name).feedForward;
    const bottleneck = bottleneckOf(width, options.reductionFactor);
    const { activation } = options;
    const given = { width, bottleneck, activation, exactStart: false, seed };
    const adapter: BottleneckAdapter = makeAdapter(backend, path, given);
    const gate = makeGate(backend, `${path}.gate`, width, seed, true);
    block.feedForwardOutput = (output, around) =>
      runGatedAdapter(adapter, gate, output, around, (open) => gauges.adapter.note(open, around.pass));
    return [...parametersOf(adapter), ...gateParameters(gate)];
  };
  const gated = blocks.map((block): GatedBlock => {
    const gatePath = `${attentionPath(block)}.prefix_tuning.prefix_gates.${name}`;
    const prefixGate = makeGate(backend, gatePath, widthOf(outline, block), seed, false);
    const parameters = [...setBranch(block.query), ...setBranch(block.value), ...setAdapter(block)];
    return { prefixGate, parameters: [...parameters, ...gateParameters(prefixGate)] };
  });

  const shape = shapeOf(blocks, options.prefixLength);
  const width = widthOf(outline, first);
  const network = makePrefixNetwork(backend, prefixPath(first, name), shape, { ...options, width, seed });
  model.hooks.keyValues = {
    length: shape.length,
    takesPositions: false,
    prepare: () => [network.compute()],
    keyValues(block, [table], x, pass) {
      const gate = gated[block]?.prefixGate;
      if (table === undefined || gate === undefined) throw new Error('The prefix was not prepared.');
      const { k, v } = keyValuesOf(table, shape, block);
      const [batch = 0] = x.shape;
      const open = reshape(applyGate(gate, x, pass), [batch, 1, 1, 1]);
      gauges.prefix.note(open, pass);
      return { k: multiply(k, open), v: multiply(v, open) };
    },
  };

  const attached = attachAddition(model, {
    parameters: [...gated.flatMap(({ parameters }) => parameters), ...network.parameters],
    library: 'adapters',
    config: hubConfigOf(options),
    wrapping: '',
    merge: null,
    takeOff() {
      for (const block of blocks) {
        block.feedForwardOutput = null;
        for (const path of [block.query, block.value]) {
          const target = model.linears.get(path);
          if (target) target.transform = null;
        }
      }
      model.hooks.keyValues = null;
      for (const gauge of Object.values(gauges)) gauge.dispose();
    },
  });
  return {
    ...attached,
    course: {
      metrics: () => ({
        gateLora: gauges.lora.take(),
        gatePrefix: gauges.prefix.take(),
        gateAdapter: gauges.adapter.take(),
      }),
    },
  };
}

function countUniPelt(outline: ModelOutline, options: UniPeltOptions): number {
  const { rank, reductionFactor, prefixLength, hiddenSize } = options;
  const perBlock = outline.blocks.reduce((total, block) => {
    const width = widthOf(outline, block);
    const bottleneck = bottleneckOf(width, reductionFactor);
    const branches = [block.query, block.value].reduce((sum, path) => {
      const { inFeatures = 0, outFeatures = 0 } = outline.linears.get(path) ?? {};
      return sum + rank * (inFeatures + outFeatures) + inFeatures + 1;
    }, 0);
    const adapter = 2 * width * bottleneck + bottleneck + width;
    return total + branches + adapter + 2 * (width + 1);
  }, 0);
  const { blocks, width: keyWidth } = shapeOf(outline.blocks, prefixLength);
  const [first] = outline.blocks;
  const width = first ? widthOf(outline, first) : 0;
  const network = prefixLength * width + hiddenSize * (width + 1) + 2 * blocks * keyWidth * (hiddenSize + 1);
  return perBlock + network;
}

/**
 * UniPELT (https://arxiv.org/abs/2110.07577) as the adapters library does it, but for padding: a gate is the mean over a
 * text's own tokens, so that its answer does not depend on the texts beside it.
 */
export const unipelt: Method<typeof uniPeltSpec.options> = {
  spec: uniPeltSpec,
  output: 'adapter',
  hub: {
    recognises: (config) => config['architecture'] === 'union',
    attach(model, config, name, folder) {
      return attachTo(model, readHubConfig(config, folder), 0, name);
    },
  },
  rowsApart: true,
  check: checkUniPelt,
  count: (outline, options) => ({
    own: countValues(outline, outline.headNames),
    added: countUniPelt(outline, options),
  }),
  attach(model, options, seed) {
    const problems = checkUniPelt(outlineOfModel(model), options);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachTo(model, options, seed, hubName);
  },
};
