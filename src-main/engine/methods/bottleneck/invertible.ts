import { scope } from '../../autodiff/scope.ts';
import type { Parameter, Tensor } from '../../autodiff/tensor.ts';
import { normalValues } from '../../initialValues.ts';
import type { Model } from '../../models/model.ts';
import { outlineOfModel } from '../../models/outline.ts';
import { add, concat, linear, slice, subtract } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import type { ModelOutline } from '../method.ts';
import { type BottleneckActivation, activate, bottleneckOf } from './adapter.ts';

/** A small network over half of an embedding: U·f(D·x + d) + u, D `[bottleneck, half]`, U `[half, bottleneck]`. */
interface HalfNetwork {
  readonly down: Parameter;
  readonly downBias: Parameter;
  readonly up: Parameter;
  readonly upBias: Parameter;
}

export interface InvertibleOptions {
  /** Half of the width divided by the bottleneck. */
  readonly reductionFactor: number;
  readonly activation: BottleneckActivation;
  readonly exactStart: boolean;
  readonly seed: number;
}

/** Width of a word embedding. */
function widthOf({ parameters, wordEmbedding }: ModelOutline): number {
  return parameters.get(wordEmbedding)?.[1] ?? 0;
}

/** F and G of the coupling: each reads one half and changes the other (https://arxiv.org/abs/1410.8516). */
function runNetwork(
  { down, downBias, up, upBias }: HalfNetwork,
  activation: BottleneckActivation,
  x: Tensor,
): Tensor {
  return linear(activate(activation, linear(x, down.value, downBias.value)), up.value, upBias.value);
}

/** x `[..., width]` in two halves of the last axis. */
function halves(x: Tensor): readonly [Tensor, Tensor] {
  const half = (x.shape.at(-1) ?? 0) / 2;
  const before = x.shape.slice(0, -1);
  const zeros = before.map(() => 0);
  const part = (start: number) => slice(x, [...zeros, start], [...before, half]);
  return [part(0), part(half)];
}

/**
 * Puts an invertible adapter behind the embeddings and its inverse before the output vocabulary
 * (https://arxiv.org/abs/2005.00052): o₁ = e₁ + F(e₂), o₂ = e₂ + G(o₁).
 * @param name the adapter's name in its tensors' names
 * @returns what it adds
 */
export function attachInvertible(model: Model, name: string, options: InvertibleOptions): Parameter[] {
  if (model.hooks.embedded !== null || model.hooks.beforeVocabulary !== null)
    throw new Error('Two methods want the embeddings.');
  const outline = outlineOfModel(model);
  const { backend } = model.wordEmbedding.value;
  const half = widthOf(outline) / 2;
  const bottleneck = bottleneckOf(half, options.reductionFactor);
  const [body = ''] = outline.wordEmbedding.split('.');
  const makeNetwork = (letter: 'F' | 'G'): HalfNetwork => {
    const path = `${body}.invertible_adapters.${name}.${letter}`;
    const start = (part: string) => normalValues(options.seed, part, half * bottleneck, 0.02);
    const [down, up] = [`${path}.0.weight`, `${path}.2.weight`];
    return {
      down: addParameter(backend, down, [bottleneck, half], start(down)),
      downBias: addParameter(backend, `${path}.0.bias`, [bottleneck], 0),
      up: addParameter(backend, up, [half, bottleneck], options.exactStart ? 0 : start(up)),
      upBias: addParameter(backend, `${path}.2.bias`, [half], 0),
    };
  };
  const [f, g] = [makeNetwork('F'), makeNetwork('G')];
  const run = (network: HalfNetwork, x: Tensor) => runNetwork(network, options.activation, x);
  model.hooks.embedded = (hidden) =>
    scope(() => {
      const [first, second] = halves(hidden);
      const changed = add(first, run(f, second));
      return concat([changed, add(second, run(g, changed))], -1);
    });
  model.hooks.beforeVocabulary = (rows) =>
    scope(() => {
      const [changed, other] = halves(rows);
      const second = subtract(other, run(g, changed));
      return concat([subtract(changed, run(f, second)), second], -1);
    });
  return [f, g].flatMap(({ down, downBias, up, upBias }) => [down, downBias, up, upBias]);
}

export function countInvertible(outline: ModelOutline, reductionFactor: number): number {
  const half = widthOf(outline) / 2;
  const bottleneck = bottleneckOf(half, reductionFactor);
  return 2 * (2 * half * bottleneck + bottleneck + half);
}
