import type { Genome, SearchSpace } from './space.ts';
import { encodeGenome } from './space.ts';

// Evolutionary search as in https://arxiv.org/abs/2206.04673: the best of all seen are parents; children change or mix
// them; new ones fill up each generation.

export interface SearchPlan {
  readonly population: number;
  readonly parents: number;
  readonly mutations: number;
  readonly crossovers: number;
  readonly generations: number;
}

export interface SearchTask {
  readonly space: SearchSpace;
  readonly plan: SearchPlan;
  /** The next random number in [0, 1). */
  readonly draw: () => number;
  /** Whether a sub-network keeps to the budget. */
  readonly fits: (genome: Genome) => boolean;
  /** How good a sub-network is, more is better; null ends the search without a result. */
  readonly measure: (genome: Genome) => Promise<number | null>;
}

/** Chance that a child's part is changed at all, and that its depth then is. */
const partChance = 0.2;
const depthChance = 0.4;
/** Children tried for each one wanted. */
const attempts = 10;

function pick<Item>(items: readonly Item[], draw: () => number, fallback: Item): Item {
  return items[Math.floor(draw() * items.length)] ?? fallback;
}

/** Sizes up to a depth that is drawn, nothing above it. */
function drawSizes({ blocks, depths, sizes }: SearchSpace, draw: () => number): number[] {
  const depth = pick(depths, draw, blocks);
  const drawn = Array.from({ length: depth }, () => pick(sizes, draw, 0));
  return [...drawn, ...Array<number>(blocks - depth).fill(0)];
}

/** One sub-network of all of them: depths and sizes are drawn one after the other, prompt first. */
export function drawGenome(space: SearchSpace, draw: () => number): Genome {
  return {
    prompt: pick(space.promptSizes, draw, 0),
    ranks: drawSizes(space, draw),
    widths: drawSizes(space, draw),
  };
}

/** Another depth, sometimes: sizes below it stay, new ones are drawn. */
function changeSizes(sizes: readonly number[], space: SearchSpace, draw: () => number): readonly number[] {
  if (draw() >= partChance) return sizes;
  const end = sizes.indexOf(0);
  const depth = end === -1 ? sizes.length : end;
  const next = draw() < depthChance ? pick(space.depths, draw, depth) : depth;
  const kept = sizes.slice(0, Math.min(depth, next));
  const drawn = Array.from({ length: Math.max(0, next - depth) }, () => pick(space.sizes, draw, 0));
  return [...kept, ...drawn, ...Array<number>(space.blocks - next).fill(0)];
}

function mutate({ prompt, ranks, widths }: Genome, space: SearchSpace, draw: () => number): Genome {
  return {
    prompt: draw() < partChance ? pick(space.promptSizes, draw, prompt) : prompt,
    ranks: changeSizes(ranks, space, draw),
    widths: changeSizes(widths, space, draw),
  };
}

/** Each part whole from one of two parents. */
function cross(one: Genome, other: Genome, draw: () => number): Genome {
  const from = () => (draw() < 0.5 ? one : other);
  return { prompt: from().prompt, ranks: from().ranks, widths: from().widths };
}

interface Judged {
  readonly genome: Genome;
  readonly fitness: number;
}

/**
 * The best sub-network found within the budget; null where none fits, or the measuring was ended.
 */
export async function searchGenome(task: SearchTask): Promise<Genome | null> {
  const { space, plan, draw, fits, measure } = task;
  const seen = new Set<string>();
  let best: Judged[] = [];

  /** Children until there are enough of them or none come any more; null where measuring was ended. */
  async function breed(wanted: number, make: () => Genome): Promise<Judged[] | null> {
    const made: Judged[] = [];
    for (let left = wanted * attempts; left > 0 && made.length < wanted; left--) {
      const genome = make();
      const key = encodeGenome(genome).join();
      if (seen.has(key) || !fits(genome)) continue;
      seen.add(key);
      const fitness = await measure(genome);
      if (fitness === null) return null;
      made.push({ genome, fitness });
    }
    return made;
  }

  const select = (judged: readonly Judged[]) => {
    best = [...best, ...judged].sort((a, b) => b.fitness - a.fitness).slice(0, plan.parents);
  };
  const parent = () => best[Math.floor(draw() * best.length)]?.genome ?? drawGenome(space, draw);

  let candidates = await breed(plan.population, () => drawGenome(space, draw));
  for (let generation = 0; generation < plan.generations && candidates; generation++) {
    select(candidates);
    if (best.length === 0) return null;
    const mutated = await breed(plan.mutations, () => mutate(parent(), space, draw));
    const crossed = mutated && (await breed(plan.crossovers, () => cross(parent(), parent(), draw)));
    const children: Judged[] = [...(mutated ?? []), ...(crossed ?? [])];
    const fresh = crossed && (await breed(plan.population - children.length, () => drawGenome(space, draw)));
    candidates = fresh && [...children, ...fresh];
  }
  if (candidates === null) return null;
  select(candidates);
  return best[0]?.genome ?? null;
}
