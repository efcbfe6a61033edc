import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { add, gatherRows, indicesFrom, matmul, reshape, scale, splitHeads, transpose } from '../ops/index.ts';
import type { ScoreBias } from './encoder.ts';
import { applyDropout, applyLinear, applyNorm } from './layers.ts';
import type { Linear } from './model.ts';
import type { Weights } from './weights.ts';

// Disentangled attention (https://arxiv.org/abs/2006.03654): besides content to content, scores count content to
// distance and distance to content, with distances in buckets.

export interface DisentangledConfig {
  readonly heads: number;
  readonly headSize: number;
  readonly epsilon: number;
  readonly hiddenDropout: number;
  readonly contentToPosition: boolean;
  readonly positionToContent: boolean;
  /** Whether distances go through the layers of queries and keys rather than layers of their own. */
  readonly sharesProjections: boolean;
  readonly normalizesDistances: boolean;
  /** Distances on either side that have an embedding. */
  readonly span: number;
  /** Farther distances share buckets, logarithmically; 0 for none. */
  readonly buckets: number;
  readonly maximumDistance: number;
}

/** Where distances are, in the checkpoint. */
export interface DisentangledPaths {
  readonly distances: string;
  readonly norm: string;
  /** The layers that project distances in one block. */
  projections(layer: number): { readonly query: string; readonly key: string };
}

/** Near distances are their own bucket, far ones share buckets; in float32, as torch counts them. */
export function bucketOf(distance: number, buckets: number, maximumDistance: number): number {
  const middle = Math.floor(buckets / 2);
  const size = Math.abs(distance);
  if (buckets <= 0 || maximumDistance <= 0 || size <= middle) return distance;
  const log = (value: number) => Math.fround(Math.log(Math.fround(value)));
  const share = Math.fround(log(size / middle) / log((maximumDistance - 1) / middle));
  return Math.sign(distance) * (Math.ceil(Math.fround(share * (middle - 1))) + middle);
}

/** Row of the table of distances for each query and key: `[time · time]`. */
function distanceRows(time: number, config: DisentangledConfig): number[] {
  const { span, buckets, maximumDistance } = config;
  const rows: number[] = [];
  for (let query = 0; query < time; query++) {
    for (let key = 0; key < time; key++) {
      const row = bucketOf(query - key, buckets, maximumDistance) + span;
      rows.push(Math.min(Math.max(row, 0), 2 * span - 1));
    }
  }
  return rows;
}

/**
 * Products of tokens with all distances `[batch, heads, time, distances]` → those that each pair of a query and a key
 * needs, `[batch, heads, time, time]`.
 * @param places int32 `[time · time]`: token · distances + distance
 */
function pickDistances(products: Tensor, places: Tensor): Tensor {
  const [batch = 0, heads = 0, time = 0, distances = 0] = products.shape;
  const rows = reshape(transpose(products, [2, 3, 0, 1]), [time * distances, batch * heads]);
  return transpose(reshape(gatherRows(rows, places), [time, time, batch, heads]), [2, 3, 0, 1]);
}

export function buildDisentangledBias(
  weights: Weights,
  config: DisentangledConfig,
  paths: DisentangledPaths,
): ScoreBias {
  const { heads, contentToPosition, positionToContent } = config;
  const distances = weights.parameter(`${paths.distances}.weight`);
  const norm = config.normalizesDistances ? weights.norm(paths.norm) : null;
  const parts = 1 + Number(contentToPosition) + Number(positionToContent);
  const factor = (config.headSize * parts) ** -0.5;

  return {
    scale: factor,
    prepare(backend, time) {
      const rows = distanceRows(time, config);
      const count = 2 * config.span;
      const placesBy = (token: (pair: number) => number) =>
        indicesFrom(
          backend,
          rows.map((row, pair) => token(pair) * count + row),
        );
      const table = norm ? applyNorm(norm, distances.value, config.epsilon) : distances.value;
      return [table, placesBy((pair) => Math.floor(pair / time)), placesBy((pair) => pair % time)];
    },
    biasOf(layer, [table, byQuery, byKey], { q, k }, pass) {
      if (!table || !byQuery || !byKey) throw new Error('Disentangled attention was not prepared.');
      const { query, key } = paths.projections(layer);
      return scope(() => {
        const dropped = applyDropout(table, config.hiddenDropout, pass);
        const [rows = 0, width = 0] = dropped.shape;
        const project = (linear: Linear) =>
          splitHeads(applyLinear(linear, reshape(dropped, [1, rows, width]), pass), heads);
        const towards = (tokens: Tensor, linear: Linear, places: Tensor) =>
          pickDistances(matmul(tokens, project(linear), { transposeB: true }), places);
        const terms = [
          ...(contentToPosition ? [towards(q, weights.linear(key), byQuery)] : []),
          ...(positionToContent ? [towards(k, weights.linear(query), byKey)] : []),
        ];
        return scale(
          terms.reduce((sum, term) => add(sum, term)),
          factor,
        );
      });
    },
  };
}
