import { isTable } from '../formats/jsonFiles.ts';
import { inverseFrequencies } from '../ops/index.ts';
import type { ConfigJson, ConfigReader } from './configReader.ts';

// Rotary position embedding (https://arxiv.org/abs/2104.09864) and the ways checkpoints stretch it.

const ropeTypes = ['default', 'linear', 'dynamic', 'llama3'] as const;

export interface RotaryConfig {
  readonly type: (typeof ropeTypes)[number];
  readonly base: number;
  readonly factor: number;
  readonly lowFrequencyFactor: number;
  readonly highFrequencyFactor: number;
  readonly originalPositions: number;
}

/**
 * Reads both spellings: `rope_theta` with `rope_scaling {type | rope_type, factor …}`, and the `rope_parameters`
 * table that holds everything.
 */
export function readRotary(config: ConfigReader, positions: number): RotaryConfig {
  const table: ConfigJson = config.table('rope_scaling') ?? config.table('rope_parameters') ?? {};
  const reader = config.nested(table);
  if (Object.values(table).some(isTable)) config.unsupported('rope_parameters', table, '{ rope_type, … }');
  const partial = reader.number(['partial_rotary_factor'], config.number(['partial_rotary_factor'], 1));
  if (partial !== 1) config.unsupported('partial_rotary_factor', partial, '1');
  const type = reader.choice(['rope_type', 'type'], ropeTypes, 'default');
  return {
    type,
    base: reader.number(['rope_theta'], config.number(['rope_theta'], 10_000)),
    factor: reader.number(['factor'], 1),
    lowFrequencyFactor: reader.number(['low_freq_factor'], 1),
    highFrequencyFactor: reader.number(['high_freq_factor'], 4),
    originalPositions: reader.number(
      ['original_max_position_embeddings'],
      config.number(['original_max_position_embeddings'], positions),
    ),
  };
}

/** Longest input: the stretched forms with a factor reach that much further than the positions trained on. */
export function reachOf(rotary: RotaryConfig, positions: number): number {
  const stretches = rotary.type === 'linear' || rotary.type === 'dynamic';
  return stretches ? Math.floor(positions * Math.max(rotary.factor, 1)) : positions;
}

/**
 * θ_i of each pair of head dimensions.
 * @param length tokens in the sequence, which the dynamic form looks at
 */
export function rotaryFrequencies(
  rotary: RotaryConfig,
  headSize: number,
  positions: number,
  length: number,
): Float64Array {
  const { base, factor } = rotary;
  switch (rotary.type) {
    case 'default':
      return inverseFrequencies(headSize, base);
    case 'linear':
      return inverseFrequencies(headSize, base).map((frequency) => frequency / factor);
    case 'dynamic': {
      // NTK-aware scaling: the base grows with the length beyond the positions trained on.
      const stretch = (factor * Math.max(length, positions)) / positions - (factor - 1);
      return inverseFrequencies(headSize, base * stretch ** (headSize / (headSize - 2)));
    }
    case 'llama3':
      return inverseFrequencies(headSize, base).map((frequency) => stretchLlama3(rotary, frequency));
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
