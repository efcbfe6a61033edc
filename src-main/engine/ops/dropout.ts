import type { Tensor } from '../autodiff/tensor.ts';

/**
 * Numbers a training step's random draws: draw n of step s is the same whatever ran before, so a resumed run repeats
 * an unbroken one exactly.
 */
export interface RandomStream {
  readonly seed: number;
  /** A number no other draw of this run uses. */
  next(): number;
}

/**
 * Sets each element to 0 with the given probability and divides the others by 1 − probability. The mask is drawn again
 * in backward rather than kept.
 * @param random null: no dropout (evaluation), x itself comes back as a new tensor
 */
export declare function dropout(x: Tensor, probability: number, random: RandomStream | null): Tensor;
