import type { BlockShape } from '../../models/hooks.ts';
import type { ModelOutline } from '../../models/outline.ts';

/** Sizes of one sub-network: virtual tokens before the text, and a LoRA rank and an adapter width for each block. */
export interface Genome {
  readonly prompt: number;
  readonly ranks: readonly number[];
  readonly widths: readonly number[];
}

/** All sub-networks: each of ranks and widths fills the blocks from the first one up to one of the depths. */
export interface SearchSpace {
  readonly blocks: number;
  readonly depths: readonly number[];
  readonly promptSizes: readonly number[];
  readonly sizes: readonly number[];
}

/** A quarter, half, three quarters and all of the blocks. */
export function makeSpace(
  blocks: number,
  sizes: readonly number[],
  promptSizes: readonly number[],
): SearchSpace {
  const depths = [...new Set([1, 2, 3, 4].map((quarter) => Math.ceil((blocks * quarter) / 4)))];
  return { blocks, depths, promptSizes, sizes };
}

/** The sub-network that holds all others. */
export function largestGenome({ blocks, sizes, promptSizes }: SearchSpace): Genome {
  const each = Array<number>(blocks).fill(Math.max(...sizes));
  return { prompt: Math.max(...promptSizes), ranks: each, widths: each };
}

export function smallestGenome({ blocks, depths, sizes, promptSizes }: SearchSpace): Genome {
  const depth = Math.min(...depths);
  const each = Array.from({ length: blocks }, (_, block) => (block < depth ? Math.min(...sizes) : 0));
  return { prompt: Math.min(...promptSizes), ranks: each, widths: each };
}

/** Layers of a block that LoRA changes: those that make queries, keys and values, each once. */
export function loraLayers({ query, key, value }: BlockShape): string[] {
  return [...new Set([query, key, value])];
}

export interface BlockWidths {
  /** What the attention's layers read. */
  readonly input: number;
  /** What all of them make together. */
  readonly outputs: number;
  /** Width of what passes from block to block. */
  readonly hidden: number;
}

export function widthsOf({ linears }: Pick<ModelOutline, 'linears'>, block: BlockShape): BlockWidths {
  const layers = loraLayers(block).flatMap((path) => linears.get(path) ?? []);
  return {
    input: layers[0]?.inFeatures ?? 0,
    outputs: layers.reduce((sum, { outFeatures }) => sum + outFeatures, 0),
    hidden: linears.get(block.output)?.outFeatures ?? 0,
  };
}

/** Numbers that a sub-network adds to a model. */
export function countGenome(outline: ModelOutline, { prompt, ranks, widths }: Genome): number {
  const words = outline.parameters.get(outline.wordEmbedding)?.[1] ?? 0;
  return outline.blocks.reduce((sum, block, index) => {
    const { input, outputs, hidden } = widthsOf(outline, block);
    const rank = ranks[index] ?? 0;
    const width = widths[index] ?? 0;
    const adapter = width > 0 ? 2 * hidden * width + width + hidden : 0;
    return sum + rank * (input + outputs) + adapter;
  }, prompt * words);
}

/** As one list of numbers, which a checkpoint keeps. */
export function encodeGenome({ prompt, ranks, widths }: Genome): number[] {
  return [prompt, ...ranks, ...widths];
}

export function decodeGenome(numbers: readonly number[]): Genome {
  const [prompt = 0, ...others] = numbers;
  const blocks = others.length / 2;
  return { prompt, ranks: others.slice(0, blocks), widths: others.slice(blocks) };
}
