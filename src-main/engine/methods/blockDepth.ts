import type { OptionSpec } from '../../contract/options.ts';
import { type ModelOutline, isInside } from '../models/outline.ts';

/**
 * Where a weight stands: 0 below the first block (embeddings), i + 1 in block i, one more than the number of blocks above
 * the last (final norm, head). Weights outside the blocks are told apart by the checkpoint's order.
 */
export function measureDepths({ parameters, blocks, headNames }: ModelOutline): ReadonlyMap<string, number> {
  const blockOf = (name: string) => blocks.findIndex(({ path }) => isInside(name, [path]));
  const depths = new Map<string, number>();
  let isBelow = true;
  for (const name of parameters.keys()) {
    const block = blockOf(name);
    if (block >= 0) isBelow = false;
    const outside = isBelow && !headNames.includes(name) ? 0 : blocks.length + 1;
    depths.set(name, block >= 0 ? block + 1 : outside);
  }
  return depths;
}

/** How much slower each lower block learns, as methods that train the model's own weights ask for it. */
export const layerDecayOption = {
  type: 'number',
  default: 1,
  above: 0,
  maximum: 1,
  label: { en: 'Learning-rate decay per layer', ko: '층별 학습률 감쇠' },
  help: {
    en: 'Every block learns at the rate of the block above it times this, the embeddings slowest of all; 0.8 to 0.95 are usual. 1: one rate for everything.',
    ko: '블록마다 바로 위 블록의 학습률에 이 값을 곱해 학습하고 임베딩이 가장 느립니다. 보통 0.8~0.95를 씁니다. 1이면 모두 같은 학습률입니다.',
  },
  advanced: true,
} as const satisfies OptionSpec;

/**
 * Factors on the learning rate by name: 1 for what stands above the blocks, `decay` for the last block, `decay`² for the
 * one below (https://arxiv.org/abs/1801.06146, as https://arxiv.org/abs/2003.10555 counts).
 */
export function decayedRates(outline: ModelOutline, decay: number): ReadonlyMap<string, number> {
  const top = outline.blocks.length + 1;
  return new Map([...measureDepths(outline)].map(([name, depth]) => [name, decay ** (top - depth)]));
}
