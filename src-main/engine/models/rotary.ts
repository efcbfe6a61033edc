import type { Backend } from '../backend/backend.ts';
import { isTable } from '../formats/jsonFiles.ts';
import { type RopeTables, ropeTables } from '../ops/index.ts';
import type { ConfigJson, ConfigReader } from './configReader.ts';
import { type RotaryConfig, ropeTypes, rotaryFrequencies, yarnAttentionFactor } from './rotaryFrequencies.ts';

// Rotary position embedding (https://arxiv.org/abs/2104.09864): what config.json says of it, and its angles.

/** What holds where the rotary table of config.json is silent; names are of fields outside that table. */
export interface RotaryDefaults {
  readonly headSize: number;
  readonly positions: number;
  readonly baseNames?: readonly string[];
  readonly base?: number;
  /** Share of each head's dimensions that is rotated. */
  readonly shareNames?: readonly string[];
  readonly share?: number;
}

/**
 * Reads both spellings: `rope_theta` with `rope_scaling {type | rope_type, factor …}`, and the `rope_parameters`
 * table that holds everything.
 */
export function readRotary(config: ConfigReader, defaults: RotaryDefaults): RotaryConfig {
  const table = config.table('rope_scaling') ?? config.table('rope_parameters') ?? {};
  if (Object.values(table).some(isTable)) config.unsupported('rope_parameters', table, '{ rope_type, … }');
  return readRotaryTable(config, table, defaults);
}

/** Reads one table of rotary settings; see `readRotary`. */
export function readRotaryTable(
  config: ConfigReader,
  table: ConfigJson,
  defaults: RotaryDefaults,
): RotaryConfig {
  const {
    headSize,
    positions,
    baseNames = ['rope_theta'],
    shareNames = ['partial_rotary_factor'],
  } = defaults;
  const reader = config.nested(table);
  const named = reader.choice(['rope_type', 'type'], [...ropeTypes, 'su'], 'default');
  const type = named === 'su' ? 'longrope' : named;
  const share = reader.number(['partial_rotary_factor'], config.number(shareNames, defaults.share ?? 1));
  const rotatedSize = Math.floor(headSize * share);
  if (rotatedSize < 2 || rotatedSize > headSize || rotatedSize % 2 !== 0) {
    config.unsupported(shareNames[0] ?? '', share, `2 / ${headSize}, 4 / ${headSize} … 1`);
  }
  const originalPositions = config.number(
    ['original_max_position_embeddings'],
    reader.number(['original_max_position_embeddings'], positions),
  );
  const growth = type === 'yarn' || type === 'longrope' ? positions / originalPositions : 1;
  const factor = reader.number(['factor'], growth);
  const factorsOf = (name: string): readonly number[] => {
    if (type !== 'longrope') return [];
    const factors = reader.numbers(name) ?? [];
    if (factors.length !== rotatedSize / 2) {
      reader.unsupported(name, factors, `[${rotatedSize / 2} numbers]`);
    }
    return factors;
  };
  const usualAttention =
    type === 'yarn'
      ? yarnAttentionFactor(factor, reader.number(['mscale'], 0), reader.number(['mscale_all_dim'], 0))
      : type === 'longrope' && factor > 1
        ? Math.sqrt(1 + Math.log(factor) / Math.log(originalPositions))
        : 1;
  return {
    type,
    base: reader.number(['rope_theta'], config.number(baseNames, defaults.base ?? 10_000)),
    factor,
    rotatedSize,
    positions,
    originalPositions,
    attentionFactor: reader.number(['attention_factor'], usualAttention),
    lowFrequencyFactor: reader.number(['low_freq_factor'], 1),
    highFrequencyFactor: reader.number(['high_freq_factor'], 4),
    fastRotations: reader.number(['beta_fast'], 32),
    slowRotations: reader.number(['beta_slow'], 1),
    truncatesRange: reader.flag('truncate', true),
    shortFactors: factorsOf('short_factor'),
    longFactors: factorsOf('long_factor'),
  };
}

/** Longest input: the stretched forms with a factor reach that much further than the positions trained on. */
export function reachOf({ type, factor, positions, originalPositions }: RotaryConfig): number {
  const stretch = Math.max(factor, 1);
  if (type === 'linear' || type === 'dynamic') return Math.floor(positions * stretch);
  return type === 'yarn' ? Math.max(positions, Math.floor(originalPositions * stretch)) : positions;
}

/**
 * Angles of every position; see `ropeTables`.
 * @param positions one row per batch row, or one row for all
 */
export function rotaryTables(
  backend: Backend,
  rotary: RotaryConfig,
  positions: readonly (readonly number[])[],
): RopeTables {
  const length = 1 + positions.flat().reduce((longest, position) => Math.max(longest, position), 0);
  return ropeTables(backend, positions, rotaryFrequencies(rotary, length), rotary.attentionFactor);
}
