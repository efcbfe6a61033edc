import type { CurveSummary } from './curveSummary.ts';

/** Rising numbers, such as the steps of a curve. Looked at here and there; going through them is for their owner. */
export interface Rising {
  readonly length: number;
  at(index: number): number;
  /** The first index whose number is not below `bound`. */
  firstFrom(bound: number): number;
  slice(begin: number, end: number): Rising;
}

/** Points of a series, in order of steps. */
export interface Curve {
  readonly steps: Rising;
  readonly values: Float64Array;
}

/** Part of a curve as it is stored; its points are read only where they are asked for. */
export interface Stretch {
  readonly firstStep: number;
  readonly lastStep: number;
  readonly count: number;
  readonly summary?: CurveSummary | undefined;
  points(): Curve;
}

/** Every point of a series. */
export interface WholeCurve {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** Stored 64-bit numbers, without a copy where they lie so that they can be read as they are. */
export function storedNumbers(stored: Buffer): Float64Array {
  const bytes = stored.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? stored : new Uint8Array(stored);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / Float64Array.BYTES_PER_ELEMENT);
}

/** Rising numbers one by one. */
export function listed(numbers: Float64Array): Rising {
  return {
    length: numbers.length,
    at: (index) => numbers[index] ?? 0,
    firstFrom(bound) {
      let low = 0;
      let high = numbers.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((numbers[middle] ?? 0) < bound) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    slice: (begin, end) => listed(numbers.subarray(begin, end)),
  };
}

/** Whole numbers that follow each other; they take no room. */
export function consecutive(first: number, length: number): Rising {
  return {
    length,
    at: (index) => first + index,
    firstFrom: (bound) => Math.min(length, Math.max(0, Math.ceil(bound - first))),
    slice: (begin, end) => consecutive(first + begin, end - begin),
  };
}

/** Stretches that follow each other, as one. */
export function joinCurves(parts: readonly Curve[]): WholeCurve {
  const count = parts.reduce((sum, { values }) => sum + values.length, 0);
  const [steps, values] = [new Float64Array(count), new Float64Array(count)];
  let end = 0;
  for (const part of parts) {
    values.set(part.values, end);
    for (let index = 0; index < part.values.length; index++) steps[end + index] = part.steps.at(index);
    end += part.values.length;
  }
  return { steps, values };
}

/**
 * The values of another curve at the steps of this one, straight lines between its points: how far along the lower edge
 * each point stands.
 */
export function placeAlong(steps: Rising, axis: WholeCurve): Rising {
  const places = new Float64Array(steps.length);
  const lastIndex = axis.steps.length - 1;
  let right = Math.max(0, Math.min(lastIndex, listed(axis.steps).firstFrom(steps.at(0))));
  for (let index = 0; index < steps.length; index++) {
    const step = steps.at(index);
    while (right < lastIndex && (axis.steps[right] ?? 0) < step) right++;
    const [rightStep, rightValue] = [axis.steps[right] ?? 0, axis.values[right] ?? 0];
    const left = Math.max(0, right - 1);
    const [leftStep, leftValue] = [axis.steps[left] ?? 0, axis.values[left] ?? 0];
    const inside = rightStep > leftStep && step < rightStep;
    const share = inside ? Math.max(0, (step - leftStep) / (rightStep - leftStep)) : 1;
    places[index] = leftValue + (rightValue - leftValue) * share;
  }
  return listed(places);
}
