import { keep, scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import {
  add,
  attention,
  biasedAttention,
  linear,
  mergeHeads,
  multiply,
  rmsNorm,
  scale,
  splitHeads,
} from '../ops/index.ts';
import { activate } from './activations.ts';
import type { Architecture, BlockRange, Network } from './architecture.ts';
import type { ModelType } from '../../contract/modelTypes.ts';
import { applyDropout, applyLinear, attentionDropout, runLayers } from './layers.ts';
import type { Linear, ModelBatch, Pass } from './model.ts';
import { relativeBias } from './relativeBias.ts';
import { textPositions, textRanges } from './sight.ts';
import { EncoderDecoderCache, type Memory } from './t5Cache.ts';
import {
  type Stack,
  type T5Config,
  type T5Traits,
  blockPaths,
  declareT5,
  distanceTable,
  readT5Config,
} from './t5Config.ts';
import { embedWords } from './virtualTokens.ts';
import type { Weights } from './weights.ts';

/** The four layers of one attention. */
type Attention = Record<'q' | 'k' | 'v' | 'o', Linear>;

function buildBlocks(config: T5Config, weights: Weights, stack: Stack) {
  const count = stack === 'encoder' ? config.layers : config.decoderLayers;
  const before = stack === 'encoder' ? 0 : config.layers;
  return Array.from({ length: count }, (_, index) => {
    const paths = blockPaths(stack, index);
    const attentionAt = (path: string): Attention => {
      const at = (name: string) => weights.linear(`${path}.${name}`);
      return { q: at('q'), k: at('k'), v: at('v'), o: at('o') };
    };
    const norm = (path: string) => weights.parameter(`${path}.weight`);
    return {
      attention: attentionAt(paths.attention),
      attentionNorm: norm(paths.attentionNorm),
      cross:
        stack === 'encoder'
          ? null
          : { attention: attentionAt(paths.crossAttention), norm: norm(paths.crossNorm) },
      expand: (config.isGated ? ['wi_0', 'wi_1'] : ['wi']).map((name) =>
        weights.linear(`${paths.feedForward}.${name}`),
      ),
      contract: weights.linear(`${paths.feedForward}.wo`),
      feedForwardNorm: norm(paths.feedForwardNorm),
      hook: weights.hooks.blocks[before + index],
    };
  });
}
type Block = ReturnType<typeof buildBlocks>[number];

/** How the tokens of a pass see each other, and where their keys and values go. */
interface OwnSight {
  /** `[batch or 1, heads, queryTime, keyTime]` */
  readonly bias: Tensor;
  readonly causal: boolean;
  readonly ranges: Tensor | null;
  remember(block: number, own: Memory): Memory;
}

const forgetting: OwnSight['remember'] = (_, own) => own;

/** The encoded text as the decoder's blocks see it. */
interface MemorySight {
  memoryOf(block: number, layers: Attention, pass: Pass): Memory;
  readonly ranges: Tensor | null;
}

function buildNetwork(config: T5Config, weights: Weights, backend: Backend): Network {
  const { heads, hiddenSize, epsilon, dropout } = config;
  const { hooks } = weights;
  const words = weights.parameter('shared.weight');
  const head = weights.findParameter('lm_head.weight') ?? words;
  const encoder = buildBlocks(config, weights, 'encoder');
  const decoder = buildBlocks(config, weights, 'decoder');
  const distances = {
    encoder: weights.parameter(`${distanceTable('encoder')}.weight`),
    decoder: weights.parameter(`${distanceTable('decoder')}.weight`),
  };
  const finalNorms = {
    encoder: weights.parameter('encoder.final_layer_norm.weight'),
    decoder: weights.parameter('decoder.final_layer_norm.weight'),
  };

  const split = (layer: Linear, x: Tensor, pass: Pass) => splitHeads(applyLinear(layer, x, pass), heads);
  const biasOf = (stack: Stack, positions: readonly (readonly number[])[], keyTime: number) =>
    relativeBias(distances[stack], positions, keyTime, { ...config, bothWays: stack === 'encoder' });

  function attendOwn(block: Block, index: number, residual: Tensor, sight: OwnSight, pass: Pass): Tensor {
    const { attention: layers, hook } = block;
    const x = rmsNorm(residual, block.attentionNorm.value, epsilon);
    const q = split(layers.q, x, pass);
    const { k, v } = sight.remember(index, { k: split(layers.k, x, pass), v: split(layers.v, x, pass) });
    const { causal, ranges, bias } = sight;
    const options = { causal, ranges, scale: 1, dropout: attentionDropout(dropout, pass) };
    const attended = mergeHeads(biasedAttention(q, k, v, bias, options));
    const output = applyDropout(applyLinear(layers.o, attended, pass), dropout, pass);
    const changed = hook?.attentionOutput?.(output, { residual, normalize: null, pass, query: () => q });
    return add(residual, changed ?? output);
  }

  function attendMemory(
    block: Block,
    index: number,
    residual: Tensor,
    sight: MemorySight,
    pass: Pass,
  ): Tensor {
    if (block.cross === null) return residual;
    const { attention: layers, norm } = block.cross;
    const q = split(layers.q, rmsNorm(residual, norm.value, epsilon), pass);
    const { k, v } = sight.memoryOf(index, layers, pass);
    const options = {
      causal: false,
      ranges: sight.ranges,
      scale: 1,
      dropout: attentionDropout(dropout, pass),
    };
    const attended = mergeHeads(attention(q, k, v, options));
    return add(residual, applyDropout(applyLinear(layers.o, attended, pass), dropout, pass));
  }

  function feedForward(block: Block, residual: Tensor, pass: Pass): Tensor {
    const x = rmsNorm(residual, block.feedForwardNorm.value, epsilon);
    const [first, second] = block.expand.map((layer) => applyLinear(layer, x, pass));
    if (first === undefined) throw new Error('A feed-forward block has one or two inner layers.');
    const active = activate(config.activation, first);
    const inner = applyDropout(second ? multiply(active, second) : active, dropout, pass);
    const output = applyDropout(applyLinear(block.contract, inner, pass), dropout, pass);
    const changed = block.hook?.feedForwardOutput?.(output, { residual, normalize: null, pass });
    return add(residual, changed ?? output);
  }

  /** Encoder blocks over hidden states `[batch, time, width]`; padded rows see their own text only. */
  function runEncoder(hidden: Tensor, batch: ModelBatch, pass: Pass, range: BlockRange): Tensor {
    return scope(() => {
      const [, time = 0] = hidden.shape;
      const bias = biasOf('encoder', [textPositions({ lengths: [time] }, time)], time);
      const ranges = textRanges(backend, batch, time);
      const shared = ranges ? [bias, ranges] : [bias];
      return runLayers(
        hidden,
        encoder,
        pass,
        shared,
        (block, x, { index, pass: inner, shared: [own = bias, limits = null] }) => {
          const sight = { bias: own, ranges: limits, causal: false, remember: forgetting };
          return feedForward(
            block,
            scope(() => attendOwn(block, index, x, sight, inner)),
            inner,
          );
        },
        range,
      );
    });
  }

  function finish(stack: Stack, hidden: Tensor, pass: Pass): Tensor {
    return applyDropout(rmsNorm(hidden, finalNorms[stack].value, epsilon), dropout, pass);
  }

  function runDecoderBlock(
    block: Block,
    x: Tensor,
    index: number,
    own: OwnSight,
    memory: MemorySight,
    pass: Pass,
  ) {
    const attended = scope(() => attendOwn(block, index, x, own, pass));
    const informed = scope(() => attendMemory(block, index, attended, memory, pass));
    return feedForward(block, informed, pass);
  }

  const makeMemory = (encoded: Tensor) => (_: number, layers: Attention, pass: Pass) => ({
    k: split(layers.k, encoded, pass),
    v: split(layers.v, encoded, pass),
  });

  const embedAnswer = (ids: Tensor, pass: Pass) =>
    applyDropout(embedWords(words.value, ids, hooks, pass, { withPrompt: false }), dropout, pass);

  /** The decoder over whole answers: each token sees those before it and all of the encoded text. */
  function decode(encoded: Tensor, batch: ModelBatch, pass: Pass): Tensor {
    const { answer } = batch;
    if (answer === undefined) throw new Error('A batch without answers cannot be decoded.');
    return scope(() => {
      const hidden = embedAnswer(answer.inputIds, pass);
      const [, time = 0] = hidden.shape;
      const bias = biasOf('decoder', [textPositions({ lengths: [time] }, time)], time);
      const ranges = textRanges(backend, batch, encoded.shape[1] ?? 0);
      const shared = ranges ? [encoded, bias, ranges] : [encoded, bias];
      const last = runLayers(hidden, decoder, pass, shared, (block, x, given) => {
        const [memory = encoded, own = bias, limits = null] = given.shared;
        // Padding stands behind the answers, where no token of theirs sees it.
        const sight = { bias: own, ranges: null, causal: true, remember: forgetting };
        const seen = { memoryOf: makeMemory(memory), ranges: limits };
        return runDecoderBlock(block, x, given.index, sight, seen, given.pass);
      });
      return finish('decoder', last, pass);
    });
  }

  return {
    embed: (batch, pass) =>
      scope(() => applyDropout(embedWords(words.value, batch.inputIds, hooks, pass), dropout, pass)),
    runBlocks: runEncoder,
    finish: (hidden, pass) => finish('encoder', hidden, pass),
    classifiedToken: 'first',
    decoder: {
      startToken: config.startToken,
      decode,
      remember(encoded, batch, pass) {
        const memoryOf = makeMemory(encoded);
        const memories: Memory[] = [];
        decoder.forEach(({ cross }, index) => {
          if (cross === null) throw new Error('Every block of a decoder reads the encoded text.');
          scope(() => {
            const { k, v } = memoryOf(index, cross.attention, pass);
            memories.push({ k: keep(k), v: keep(v) });
          });
        });
        const ranges = textRanges(backend, batch, encoded.shape[1] ?? 0);
        return new EncoderDecoderCache(backend, memories, ranges && keep(ranges));
      },
    },
    encodeCached(batch, cache, pass) {
      if (!(cache instanceof EncoderDecoderCache)) throw new Error('This cache remembers no encoded text.');
      return scope(() => {
        const tokens = cache.begin(batch);
        const { ranges, causal } = tokens.sight(null);
        const hidden = embedAnswer(batch.inputIds, pass);
        const memory = {
          ranges: cache.sightOfMemory,
          memoryOf: (index: number) => cache.memories[index] ?? { k: hidden, v: hidden },
        };
        const bias = biasOf('decoder', tokens.positions, cache.room);
        const own = {
          bias,
          ranges,
          causal,
          remember: (index: number, kv: Memory) => cache.append(index, kv.k, kv.v),
        };
        const last = runLayers(hidden, decoder, pass, [], (block, x, given) =>
          runDecoderBlock(block, x, given.index, own, memory, given.pass),
        );
        return finish('decoder', last, pass);
      });
    },
    vocabularyLogits(rows) {
      return scope(() => {
        const changed = hooks.beforeVocabulary?.(rows) ?? rows;
        const scaled = config.scalesOutput ? scale(changed, hiddenSize ** -0.5) : changed;
        return linear(scaled, head.value, null);
      });
    },
  };
}

/** T5 and its relatives: an encoder reads a text, a decoder that looks at it writes the answer. */
function t5Family(modelType: ModelType, className: string, traits: T5Traits): Architecture {
  return {
    modelType,
    prefix: '',
    classNames: { targetToken: className },
    read(reader) {
      const config = readT5Config(reader, traits);
      return {
        ...config,
        layout: () => declareT5(config),
        network: (weights, backend) => buildNetwork(config, weights, backend),
      };
    },
  };
}

/** T5 (https://arxiv.org/abs/1910.10683), its version 1.1 and Flan-T5. */
export const t5 = t5Family('t5', 'T5ForConditionalGeneration', {
  feedForward: 'relu',
  tiesHead: true,
  scalesTiedHead: true,
  vocabularySize: 32_128,
  heads: 8,
  intermediateSize: 2048,
  layers: 6,
});

/** mT5 (https://arxiv.org/abs/2010.11934): T5 1.1 for many languages. */
export const mt5 = t5Family('mt5', 'MT5ForConditionalGeneration', {
  feedForward: 'gated-gelu',
  tiesHead: true,
  scalesTiedHead: false,
  vocabularySize: 250_112,
  heads: 6,
  intermediateSize: 1024,
  layers: 8,
});
