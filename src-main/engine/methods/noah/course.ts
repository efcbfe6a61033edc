import { TunebenchError } from '../../../contract/errors/index.ts';
import { namedStream } from '../../data/random.ts';
import type { Course } from '../method.ts';
import { type SearchPlan, drawGenome, searchGenome } from './search.ts';
import { type Genome, type SearchSpace, smallestGenome } from './space.ts';
import type { Network } from './supernet.ts';

export interface CourseSettings {
  readonly space: SearchSpace;
  readonly seed: number;
  /** Numbers that the winner may add. */
  readonly budget: number;
  /** Updates before the search. */
  readonly supernetSteps: number;
  readonly count: (genome: Genome) => number;
  readonly plan: SearchPlan;
}

/** Random numbers one after the other, always the same ones for a name and part. */
function makeDraw(seed: number, name: string, part = 0): () => number {
  const stream = namedStream(seed, name, part);
  let next = 0;
  return () => stream.uniform(next++);
}

/**
 * A run of NOAH: until the search every update trains a sub-network drawn for it; then the best one is searched, and
 * trained from its initial values for the rest of the run.
 */
export function makeCourse(network: Network, settings: CourseSettings): Course {
  const { space, seed, budget, supernetSteps, count, plan } = settings;
  return {
    reshapes: true,
    state: [network.state],
    async prepareUpdate(step, tools) {
      if (step === 1 && !tools.canMeasure) throw new TunebenchError('method.searchNeedsValidation');
      if (step !== supernetSteps + 1) return;
      const winner = await searchGenome({
        space,
        plan,
        draw: makeDraw(seed, 'noah search'),
        fits: (genome) => count(genome) <= budget,
        measure(genome) {
          network.show(genome);
          return tools.measure();
        },
      });
      network.show(null);
      if (winner === null && (await tools.measure()) === null) return;
      network.settle(winner ?? smallestGenome(space));
      network.restart();
      tools.restart();
    },
    beforeUpdate(step) {
      if (step <= supernetSteps) network.show(drawGenome(space, makeDraw(seed, 'noah sample', step)));
    },
    afterUpdate() {
      network.show(null);
    },
  };
}
