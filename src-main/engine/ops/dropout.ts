/**
 * Numbers a training step's random draws: draw n of step s is the same whatever ran before, so a resumed run repeats
 * an unbroken one exactly.
 */
export interface RandomStream {
  readonly seed: number;
  /** A number no other draw of this run uses. */
  next(): number;
}
