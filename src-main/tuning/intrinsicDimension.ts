/** How good training was with d numbers. */
export interface DimensionPoint {
  readonly dimension: number;
  readonly value: number;
}

/** What a study of intrinsic dimension comes to. */
export interface MeasuredDimension {
  /** A point's quality as a share of that of full fine-tuning, in the order of the dimensions. */
  readonly points: readonly (DimensionPoint & { readonly share: number })[];
  /** The smallest dimension that reached nine tenths; null where none did. */
  readonly d90: number | null;
}

/**
 * d90 (https://arxiv.org/abs/2012.13255): the smallest number of trained numbers that reaches 90 % of what full
 * fine-tuning reaches. Where less is better, such as for perplexity, the share is the quotient turned round.
 * @param full what full fine-tuning reached
 */
export function measureDimension(
  full: number,
  points: readonly DimensionPoint[],
  better: 'higher' | 'lower',
): MeasuredDimension {
  const ordered = [...points]
    .sort((a, b) => a.dimension - b.dimension)
    .map((point) => ({ ...point, share: better === 'higher' ? point.value / full : full / point.value }));
  return { points: ordered, d90: ordered.find(({ share }) => share >= 0.9)?.dimension ?? null };
}
