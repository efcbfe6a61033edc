import { inverseFrequencies } from '../ops/index.ts';

// The ways checkpoints stretch rotary positions beyond the lengths they were trained on.

export const ropeTypes = ['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope'] as const;

export interface RotaryConfig {
  readonly type: (typeof ropeTypes)[number];
  readonly base: number;
  readonly factor: number;
  /** Leading dimensions of each head that are rotated. */
  readonly rotatedSize: number;
  readonly positions: number;
  /** Positions trained on before the model was stretched. */
  readonly originalPositions: number;
  /** Multiplies cosines and sines. */
  readonly attentionFactor: number;
  readonly lowFrequencyFactor: number;
  readonly highFrequencyFactor: number;
  /** YaRN: pairs that turn more often than this are kept, those that turn less often than `slowRotations` stretched. */
  readonly fastRotations: number;
  readonly slowRotations: number;
  readonly truncatesRange: boolean;
  /** LongRoPE: what each pair's frequency is divided by in short and in long texts. */
  readonly shortFactors: readonly number[];
  readonly longFactors: readonly number[];
}

/**
 * θ_i of each pair of rotated dimensions.
 * @param length tokens in the sequence, which the dynamic form and LongRoPE look at
 */
export function rotaryFrequencies(rotary: RotaryConfig, length: number): Float64Array {
  const { base, factor, rotatedSize, positions } = rotary;
  const plain = () => inverseFrequencies(rotatedSize, base);
  switch (rotary.type) {
    case 'default':
      return plain();
    case 'linear':
      return plain().map((frequency) => frequency / factor);
    case 'dynamic': {
      // NTK-aware scaling: the base grows with the length beyond the positions trained on.
      const stretch = (factor * Math.max(length, positions)) / positions - (factor - 1);
      return inverseFrequencies(rotatedSize, base * stretch ** (rotatedSize / (rotatedSize - 2)));
    }
    case 'llama3':
      return plain().map((frequency) => stretchLlama3(rotary, frequency));
    case 'yarn':
      return stretchYarn(rotary, plain());
    case 'longrope': {
      const factors = length > rotary.originalPositions ? rotary.longFactors : rotary.shortFactors;
      return plain().map((frequency, pair) => frequency / (factors[pair] ?? 1));
    }
    default:
      return rotary.type satisfies never;
  }
}

/** Long waves are stretched by the factor, short ones kept, those between blended (Llama 3.1). */
function stretchLlama3(rotary: RotaryConfig, frequency: number): number {
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalPositions } = rotary;
  const waveLength = (2 * Math.PI) / frequency;
  if (waveLength < originalPositions / highFrequencyFactor) return frequency;
  if (waveLength > originalPositions / lowFrequencyFactor) return frequency / factor;
  const smooth =
    (originalPositions / waveLength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

/** Pairs are kept, stretched, or blended by how often they turn in the original length (https://arxiv.org/abs/2309.00071). */
function stretchYarn(rotary: RotaryConfig, frequencies: Float64Array): Float64Array {
  const { base, factor, rotatedSize, originalPositions } = rotary;
  /** The pair, as a fraction, that turns so often. */
  const pairTurning = (rotations: number) =>
    (rotatedSize * Math.log(originalPositions / (rotations * 2 * Math.PI))) / (2 * Math.log(base));
  const round = (value: number, to: (value: number) => number) => (rotary.truncatesRange ? to(value) : value);
  const low = Math.max(round(pairTurning(rotary.fastRotations), Math.floor), 0);
  const high = Math.min(round(pairTurning(rotary.slowRotations), Math.ceil), rotatedSize - 1);
  // The published form widens an empty range by a thousandth.
  const width = low === high ? 0.001 : high - low;
  return frequencies.map((frequency, pair) => {
    const stretched = Math.min(Math.max((pair - low) / width, 0), 1);
    return (frequency / factor) * stretched + frequency * (1 - stretched);
  });
}

/** YaRN's √(1/t): how much sharper attention has to be over stretched positions. 0 stands for a weight not given. */
export function yarnAttentionFactor(factor: number, weight: number, weightOfAll: number): number {
  const sharpness = (share: number) => (factor <= 1 ? 1 : 0.1 * share * Math.log(factor) + 1);
  return weight !== 0 && weightOfAll !== 0 ? sharpness(weight) / sharpness(weightOfAll) : sharpness(1);
}
