/** A tenth, without the digits of binary fractions. */
export function slowerRate(learningRate: number): number {
  return Number((learningRate / 10).toPrecision(3));
}

/** Ten times as much. */
export function fasterRate(learningRate: number): number {
  return Number((learningRate * 10).toPrecision(3));
}
