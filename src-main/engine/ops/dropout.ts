import type { Backend, Shape } from '../backend/backend.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { multiply } from './arithmetic.ts';
import { unrecorded } from './unrecorded.ts';

/**
 * Numbers a training step's random draws: draw n of step s is the same whatever ran before, so a resumed run repeats
 * an unbroken one exactly.
 */
export interface RandomStream {
  readonly seed: number;
  /** A number no other draw of this run uses. */
  next(): number;
}

/** What a dropout drew: enough to draw it again. */
export interface DropoutDraw {
  readonly probability: number;
  readonly seed: number;
  readonly stream: number;
}

/** 0 or 1/(1 − probability) for each element; the same draw gives the same ones. Unrecorded. */
export function dropoutFactors(backend: Backend, shape: Shape, draw: DropoutDraw): Tensor {
  return new Tensor(backend, backend.dropoutFactors(shape, draw.probability, draw.seed, draw.stream));
}

function dropElements(x: Tensor, draw: DropoutDraw): Tensor {
  const { fused } = x.backend;
  if (fused) return new Tensor(x.backend, fused.dropout(x.handle, draw));
  return unrecorded(() => multiply(x, dropoutFactors(x.backend, x.shape, draw)));
}

/**
 * Sets each element to 0 with the given probability and divides the others by 1 − probability
 * (https://jmlr.org/papers/v15/srivastava14a.html). The mask is drawn again in backward rather than kept.
 * @param probability in [0, 1), kept in steps of 1/65536
 * @param random null: no dropout (evaluation). With it, or with probability 0, x itself comes back.
 */
export function dropout(x: Tensor, probability: number, random: RandomStream | null): Tensor {
  if (random === null || probability === 0) return x;
  if (!(probability > 0 && probability < 1))
    throw new Error(`A dropout probability must be in [0, 1), not ${probability}.`);
  const draw: DropoutDraw = { probability, seed: random.seed, stream: random.next() };
  return differentiable(dropElements(x, draw), [x], () => (gradient) => [dropElements(gradient, draw)]);
}

/**
 * Streams that all give the same draws, for a part of a model that is computed twice (`recompute`): make it once before
 * and call it in the part.
 */
export function repeatableStream(random: RandomStream): () => RandomStream {
  // One draw of the outer stream names the inner one: with 2^8 draws of room each, no two share a number, and all stay whole numbers a float holds.
  const first = random.next() * 2 ** 8;
  return () => {
    let drawn = 0;
    // A negative seed keeps these numbers apart from those the outer stream gives.
    return { seed: -1 - random.seed, next: () => first + drawn++ };
  };
}
