import type { Head } from '../../contract/methods.ts';
import { scope } from '../autodiff/scope.ts';
import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import {
  attention,
  embedding,
  indicesFrom,
  linear,
  mergeHeads,
  rope,
  scale,
  scoredAttention,
  tanh,
} from '../ops/index.ts';
import type { BlockRange, Network } from './architecture.ts';
import { DecoderCache } from './decoderCache.ts';
import { firstPosition } from './hooks.ts';
import { applyLinear, attentionDropout, lastToken, runLayers } from './layers.ts';
import type { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
import { rotaryTables } from './rotary.ts';
import type { RotaryConfig } from './rotaryFrequencies.ts';
import { type Sight, causalSight, learnedPositions, textPositions } from './sight.ts';
import { embedWords, joinPrefix, preparePrefix } from './virtualTokens.ts';
import type { Weights } from './weights.ts';

// What every decoder does alike, whatever its blocks look like: positions, masks, windows, the cache of generation, and
// the places where methods step in.

/** The fixed settings of one block's attention. */
export interface AttentionSettings {
  /** Multiplies the scores. */
  readonly scale: number;
  readonly dropout: number;
  /** How many tokens it looks back, null without limit. */
  readonly window: number | null;
  /** Null where the model has no rotary positions. */
  readonly rotary: RotaryConfig | null;
  /** Scores are squeezed into ± this; null leaves them. */
  readonly scoreCap: number | null;
}

/** Queries, keys and values of one block, `[batch, heads, time, headSize]` each, rotated where the model rotates them. */
export interface Projected {
  /** What they were made of, `[batch, time, width]`. */
  readonly x: Tensor;
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/** What a block is given to compute with. */
export interface BlockSteps {
  readonly pass: Pass;
  /** Rotary positions of heads `[batch, heads, time, headSize]`; unchanged where the block has none. */
  rotate(heads: Tensor): Tensor;
  /** → `[batch, time, heads·headSize]`. */
  attend(projected: Projected): Tensor;
  /** The attention's output as methods change it before the residual is added; see `AttentionSurroundings`. */
  changeAttention(
    output: Tensor,
    around: { residual: Tensor; q: Tensor; normalize?: (sum: Tensor) => Tensor },
  ): Tensor;
  changeFeedForward(
    output: Tensor,
    around: { residual: Tensor; normalize?: (sum: Tensor) => Tensor },
  ): Tensor;
}

/** What sets one decoder apart from the others. */
export interface DecoderParts<Block> {
  readonly words: Parameter;
  /** Multiplies word embeddings. */
  readonly embeddingScale?: number;
  readonly blocks: readonly Block[];
  readonly attention: readonly AttentionSettings[];
  /**
   * Word embeddings `[batch, time, width]` → hidden states before the first block.
   * @param placesIn rows of a table of learned positions, the first of them at `offset`
   */
  embed(words: Tensor, placesIn: (table: Parameter, offset?: number) => Tensor, pass: Pass): Tensor;
  runBlock(block: Block, x: Tensor, steps: BlockSteps): Tensor;
  finish(hidden: Tensor, pass: Pass): Tensor;
  /** Logits are squeezed into ± this. */
  readonly logitCap?: number | null;
}

/** Squeezes x into ± limit: limit · tanh(x / limit) (https://arxiv.org/abs/2408.00118). */
function softCap(x: Tensor, limit: number): Tensor {
  return scope(() => scale(tanh(scale(x, 1 / limit)), limit));
}

/** Declares what every decoder's class in transformers has on top: `score` for classes, `lm_head` unless it is tied. */
export function declareDecoderHead(
  layout: ModelLayout,
  {
    head,
    ...size
  }: { head: Head; labelCount: number; width: number; vocabularySize: number; isTied: boolean },
): void {
  if (head === 'classes') {
    layout.linear('score', size.width, size.labelCount, { bias: false, optional: true });
    layout.headModules.push('score');
  } else if (head === 'nextToken') {
    layout.vocabularyTable(size.isTied ? null : 'lm_head.weight', size.vocabularySize, size.width);
  }
}

type Remember = (layer: number, k: Tensor, v: Tensor) => { readonly k: Tensor; readonly v: Tensor };

/** One pass through the blocks: where its tokens stand, what they see, and what is done with keys and values. */
interface Course {
  readonly positions: readonly (readonly number[])[];
  readonly sightWithin: (window: number | null) => Sight;
  readonly remember: Remember;
  /** Whether a prefix of keys and values stands before these tokens. */
  readonly isFirst: boolean;
}

export function buildDecoder<Block>(weights: Weights, backend: Backend, parts: DecoderParts<Block>): Network {
  const { hooks } = weights;
  const { words, blocks, embeddingScale } = parts;

  function run(hidden: Tensor, course: Course, pass: Pass, range?: BlockRange): Tensor {
    // Blocks that are computed again for the gradient get all tensors they share through one list.
    const shared: Tensor[] = [];
    const place = (tensor: Tensor) => shared.push(tensor) - 1;
    const rotaries = new Set(parts.attention.flatMap(({ rotary }) => rotary ?? []));
    const rotations = new Map(
      [...rotaries].map((rotary) => {
        const { cos, sin } = rotaryTables(backend, rotary, course.positions);
        return [rotary, { cos: place(cos), sin: place(sin) }];
      }),
    );
    const sights = new Map(
      [...new Set(parts.attention.map(({ window }) => window))].map((window) => {
        const { ranges, causal } = course.sightWithin(window);
        return [window, { causal, ranges: ranges && place(ranges) }];
      }),
    );
    const prefix = course.isFirst ? preparePrefix(hooks, pass) : null;
    const beforePrefix = shared.length;
    shared.push(...(prefix?.prepared ?? []));

    return runLayers(
      hidden,
      blocks,
      pass,
      shared,
      (block, x, { index, pass: blockPass, shared: given }) => {
        const settings = parts.attention[index];
        if (settings === undefined) throw new Error(`Block ${index} has no attention settings.`);
        const rotation = settings.rotary && rotations.get(settings.rotary);
        const sight = sights.get(settings.window);
        const hook = hooks.blocks[index];
        const pick = (at: number): Tensor => {
          const tensor = given[at];
          if (tensor === undefined)
            throw new Error(`A block was given ${given.length} tensors, not ${at + 1}.`);
          return tensor;
        };
        return parts.runBlock(block, x, {
          pass: blockPass,
          rotate: (heads) =>
            rotation ? rope(heads, { cos: pick(rotation.cos), sin: pick(rotation.sin) }) : heads,
          attend: ({ x: from, q, k, v }) => {
            const before = prefix && { ...prefix, prepared: given.slice(beforePrefix) };
            const own = joinPrefix(before, index, from, { k, v }, blockPass);
            const all = course.remember(index, own.k, own.v);
            const { scoreCap } = settings;
            const options = {
              causal: sight?.causal ?? true,
              ranges: sight?.ranges == null ? null : pick(sight.ranges),
              scale: settings.scale,
              dropout: attentionDropout(settings.dropout, blockPass),
            };
            return mergeHeads(
              scoreCap === null
                ? attention(q, all.k, all.v, options)
                : scoredAttention(q, all.k, all.v, options, (scores) => softCap(scores, scoreCap)),
            );
          },
          changeAttention: (output, { residual, q, normalize = null }) =>
            hook?.attentionOutput?.(output, { residual, normalize, pass: blockPass, query: () => q }) ??
            output,
          changeFeedForward: (output, { residual, normalize = null }) =>
            hook?.feedForwardOutput?.(output, { residual, normalize, pass: blockPass }) ?? output,
        });
      },
      range,
    );
  }

  const head = weights.findParameter('lm_head.weight') ?? words;
  const score = weights.findLinear('score');
  return {
    embed: (batch, pass) =>
      scope(() => {
        const found = embedWords(words.value, batch.inputIds, hooks, pass, { factor: embeddingScale });
        const [, time = 0] = found.shape;
        return parts.embed(
          found,
          (table, offset = 0) => learnedPositions(table, batch, time, offset + firstPosition(hooks)),
          pass,
        );
      }),
    runBlocks: (hidden, batch, pass, range) =>
      scope(() => {
        const [, time = 0] = hidden.shape;
        const before = firstPosition(hooks);
        const course: Course = {
          positions: [textPositions(batch, time, before)],
          sightWithin: (window) => causalSight(backend, batch, time, window, before),
          remember: (_, k, v) => ({ k, v }),
          isFirst: true,
        };
        return run(hidden, course, pass, range);
      }),
    finish: parts.finish,
    classifiedToken: 'last',
    canPack: true,
    encodeCached: (batch, cache, pass) =>
      scope(() => {
        const tokens = cache.begin(batch, firstPosition(hooks));
        const found = embedWords(words.value, batch.inputIds, hooks, pass, {
          factor: embeddingScale,
          withPrompt: tokens.isFirst,
        });
        const placesIn = (table: Parameter, offset = 0) => {
          const places = tokens.positions.flat().map((position) => position + offset);
          return embedding(table.value, indicesFrom(backend, places, found.shape.slice(0, 2)));
        };
        const embedded = parts.embed(found, placesIn, pass);
        const changed = hooks.embedded ? hooks.embedded(embedded, pass) : embedded;
        const course: Course = {
          positions: tokens.positions,
          sightWithin: (window) => tokens.sight(window),
          remember: (layer, k, v) => cache.append(layer, k, v),
          isFirst: tokens.isFirst,
        };
        return parts.finish(run(changed, course, pass), pass);
      }),
    makeCache: () => new DecoderCache(backend, blocks.length),
    vocabularyLogits(rows) {
      const logits = linear(hooks.beforeVocabulary?.(rows) ?? rows, head.value, null);
      return parts.logitCap ? softCap(logits, parts.logitCap) : logits;
    },
    classify(hidden, batch, pass) {
      if (score === undefined) throw new Error('This model was loaded without a classification head.');
      return applyLinear(score, lastToken(hidden, batch), pass);
    },
  };
}
