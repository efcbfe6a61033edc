import { scope } from '../autodiff/scope.ts';
import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { add, addScalar, multiply, rmsNorm, siluGate, slice, splitHeads } from '../ops/index.ts';
import { activate } from './activations.ts';
import type { Architecture, Network } from './architecture.ts';
import { type BlockSteps, buildDecoder, declareDecoderHead } from './decoder.ts';
import { applyDropout, applyLinear } from './layers.ts';
import {
  type FamilyConfig,
  type FamilyMember,
  declareFamilyBody,
  normPaths,
  projectionWidths,
  readFamilyConfig,
} from './llamaConfig.ts';
import type { Linear, Pass } from './model.ts';
import { reachOf } from './rotary.ts';
import type { Weights } from './weights.ts';

// Pre-norm decoders with rotary positions, grouped queries and a gated feed-forward block, as Llama introduced them
// (https://arxiv.org/abs/2302.13971). What the other members add to that is listed in `Traits`.

/** Parts of x `[..., widths added up]` along its last axis. */
function parts(x: Tensor, widths: readonly number[]): Tensor[] {
  let start = 0;
  return widths.map((width) => {
    const lead = x.shape.slice(0, -1);
    const part = slice(x, [...lead.map(() => 0), start], [...lead, width]);
    start += width;
    return part;
  });
}

/** What several layers make of x: one joined layer, its output taken apart, or one layer each. */
function project(layers: readonly Linear[], widths: readonly number[], x: Tensor, pass: Pass): Tensor[] {
  const outputs = layers.map((layer) => applyLinear(layer, x, pass));
  const [joined] = outputs;
  return layers.length === 1 && joined ? parts(joined, widths) : outputs;
}

function buildBlocks(config: FamilyConfig, weights: Weights) {
  return Array.from({ length: config.layers }, (_, layer) => {
    const base = `model.layers.${layer}`;
    const linears = (module: string, names: readonly string[]) =>
      names.map((name) => weights.linear(`${base}.${module}.${name}`));
    const norms = normPaths(base, config);
    const norm = (path: string) => weights.parameter(`${path}.weight`);
    const when = (has: boolean, path: string) => (has ? norm(path) : null);
    const joined = config.joinsProjections;
    return {
      attentionNorm: norm(norms.attention),
      queryKeyValue: linears('self_attn', joined ? ['qkv_proj'] : ['q_proj', 'k_proj', 'v_proj']),
      queryNorm: when(config.normalizesHeads, `${base}.self_attn.q_norm`),
      keyNorm: when(config.normalizesHeads, `${base}.self_attn.k_norm`),
      output: weights.linear(`${base}.self_attn.o_proj`),
      attentionOutputNorm: when(config.normalizesOutputs, norms.attentionOutput),
      feedForwardNorm: norm(norms.feedForward),
      gateUp: linears('mlp', joined ? ['gate_up_proj'] : ['gate_proj', 'up_proj']),
      down: weights.linear(`${base}.mlp.down_proj`),
      feedForwardOutputNorm: when(config.normalizesOutputs, norms.feedForwardOutput),
    };
  });
}
type Block = ReturnType<typeof buildBlocks>[number];

function buildNetwork(config: FamilyConfig, weights: Weights, backend: Backend): Network {
  const { heads, keyValueHeads, intermediateSize, residualDropout } = config;
  const width = projectionWidths(config);
  const finalNorm = weights.parameter('model.norm.weight');
  const blocks = buildBlocks(config, weights);
  const isSilu = config.activation === 'silu' || config.activation === 'swish';

  /** RMS norm over the last axis; x itself where there is none. */
  function normalize(x: Tensor, norm: Parameter | null): Tensor {
    if (norm === null) return x;
    return rmsNorm(x, config.hasCenteredNorms ? addScalar(norm.value, 1) : norm.value, config.epsilon);
  }

  function attend(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const x = normalize(residual, block.attentionNorm);
    const widths = [width.query, width.keyValue, width.keyValue];
    const [queries = x, keys = x, values = x] = project(block.queryKeyValue, widths, x, pass);
    const q = steps.rotate(normalize(splitHeads(queries, heads), block.queryNorm));
    const k = steps.rotate(normalize(splitHeads(keys, keyValueHeads), block.keyNorm));
    const attended = steps.attend({ x, q, k, v: splitHeads(values, keyValueHeads) });
    const projected = normalize(applyLinear(block.output, attended, pass), block.attentionOutputNorm);
    const output = applyDropout(projected, residualDropout, pass);
    return add(residual, steps.changeAttention(output, { residual, q }));
  }

  function feedForward(block: Block, residual: Tensor, steps: BlockSteps): Tensor {
    const { pass } = steps;
    const x = normalize(residual, block.feedForwardNorm);
    const widths = [intermediateSize, intermediateSize];
    const [gate = x, up = x] = project(block.gateUp, widths, x, pass);
    const inner = isSilu ? siluGate(gate, up) : multiply(activate(config.activation, gate), up);
    const projected = normalize(applyLinear(block.down, inner, pass), block.feedForwardOutputNorm);
    const output = applyDropout(projected, residualDropout, pass);
    return add(residual, steps.changeFeedForward(output, { residual }));
  }

  return buildDecoder<Block>(weights, backend, {
    words: weights.parameter('model.embed_tokens.weight'),
    embeddingScale: config.embeddingScale,
    blocks,
    attention: config.rotaries.map((rotary, layer) => ({
      scale: config.scoreSize ** -0.5,
      dropout: config.attentionDropout,
      window: config.windows[layer] ?? null,
      rotary,
      scoreCap: config.scoreCap,
    })),
    embed: (words) => words,
    runBlock: (block, x, steps) =>
      feedForward(
        block,
        scope(() => attend(block, x, steps)),
        steps,
      ),
    finish: (hidden) => normalize(hidden, finalNorm),
    logitCap: config.logitCap,
  });
}

/** A model of the family from what sets it apart. */
export function llamaFamily(member: FamilyMember): Architecture {
  return {
    modelType: member.modelType,
    prefix: 'model.',
    classNames: member.classNames,
    read(reader) {
      const config = readFamilyConfig(reader, member);
      return {
        ...config,
        maximumLength: Math.max(...config.rotaries.map(reachOf)),
        layout(head, labelCount) {
          const layout = declareFamilyBody(config);
          const { hiddenSize: width, vocabularySize, tiesHead: isTied } = config;
          declareDecoderHead(layout, { head, labelCount, width, vocabularySize, isTied });
          return layout;
        },
        network: (weights, backend) => buildNetwork(config, weights, backend),
      };
    },
  };
}
