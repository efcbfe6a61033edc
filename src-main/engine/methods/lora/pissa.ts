import { scope } from '../../autodiff/scope.ts';
import { withoutGradient } from '../../autodiff/tape.ts';
import type { Linear } from '../../models/model.ts';
import { cast, transpose } from '../../ops/index.ts';
import type { LoraOptions } from './plan.ts';
import { type Components, principalComponents } from './principalComponents.ts';

// Principal singular values and vectors as LoRA's start (PiSSA, https://arxiv.org/abs/2404.02948): s·BA begins as the best
// approximation of W of that rank, beside the rest of W. The rest is never formed: W stays, and the start is taken off.

/** A `[rank, in]` and B `[out, rank]` with s·BA the principal part of the layer's weight. */
export function principalStart(
  { weight, layout }: Linear,
  rank: number,
  scaling: number,
): { readonly a: Float32Array; readonly b: Float32Array } {
  const found: Components[] = [];
  withoutGradient(() =>
    scope(() => {
      const own = cast(weight.value, 'float32');
      found.push(principalComponents(layout === 'outIn' ? own : transpose(own, [1, 0]), rank));
    }),
  );
  const [components] = found;
  if (components === undefined) throw new Error('A weight has no components.');
  const { left, values, right } = components;
  const root = (component: number) => Math.sqrt((values[component] ?? 0) / scaling);
  const inFeatures = right.length / rank;
  return {
    a: Float32Array.from(right, (value, index) => value * root(Math.floor(index / inFeatures))),
    b: Float32Array.from(left, (value, index) => value * root(index % rank)),
  };
}

/** The options of the plain adapter that such a one is written as: twice the rank, the same scaling. */
export function plainOptions(options: LoraOptions): LoraOptions {
  if (options.init !== 'pissa') return options;
  const alphaFactor = options.useRslora ? Math.SQRT2 : 2;
  const times = (pattern: Readonly<Record<string, number>>, factor: number) =>
    Object.fromEntries(Object.entries(pattern).map(([key, value]) => [key, factor * value]));
  return {
    ...options,
    init: 'kaiming',
    rank: 2 * options.rank,
    alpha: alphaFactor * options.alpha,
    rankPattern: times(options.rankPattern, 2),
    alphaPattern: times(options.alphaPattern, alphaFactor),
  };
}
