import { smoothingStrengths } from '../contract/runs.ts';
import { storedNumbers } from './curve.ts';

/** Points that an entry of a summary stands for. */
const entryPoints = 256;
/** Of each entry: its last step, its last value, its extremes, and what it adds to the trend of each strength. */
const trendsAt = 4;
const strengths = smoothingStrengths.filter((strength) => strength > 0);
const stride = trendsAt + strengths.length;

/** What is drawn of a block of points where many of them share a pixel: a twentieth of it. */
export interface CurveSummary {
  readonly length: number;
  lastStep(entry: number): number;
  lastValue(entry: number): number;
  minimum(entry: number): number;
  maximum(entry: number): number;
  /**
   * How the trend goes on over an entry: it keeps `kept` of what it was and adds `added`. Undefined for a strength that
   * was not prepared.
   */
  trend(smoothing: number): { readonly kept: number; added(entry: number): number } | undefined;
}

/** The summary of a block, as it is stored; its length must be a multiple of an entry's points. */
export function packSummary(steps: readonly number[], values: readonly number[]): Buffer {
  const entries = values.length / entryPoints;
  const numbers = new Float64Array(entries * stride);
  for (let entry = 0; entry < entries; entry++) {
    const begin = entry * entryPoints;
    const last = begin + entryPoints - 1;
    const own = values.slice(begin, last + 1);
    const trends = strengths.map((strength) =>
      own.reduce((sum, value) => strength * sum + (1 - strength) * value, 0),
    );
    const facts = [steps[last] ?? 0, values[last] ?? 0, Math.min(...own), Math.max(...own)];
    numbers.set([...facts, ...trends], entry * stride);
  }
  return Buffer.from(numbers.buffer);
}

/** A stored summary, to be read. */
export function unpackSummary(stored: Buffer): CurveSummary {
  const numbers = storedNumbers(stored);
  const at = (entry: number, field: number) => numbers[entry * stride + field] ?? 0;
  return {
    length: numbers.length / stride,
    lastStep: (entry) => at(entry, 0),
    lastValue: (entry) => at(entry, 1),
    minimum: (entry) => at(entry, 2),
    maximum: (entry) => at(entry, 3),
    trend(smoothing) {
      if (smoothing === 0) return { kept: 0, added: () => 0 };
      const strength = strengths.indexOf(smoothing);
      if (strength < 0) return undefined;
      return { kept: smoothing ** entryPoints, added: (entry) => at(entry, trendsAt + strength) };
    },
  };
}
