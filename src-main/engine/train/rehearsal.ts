import type { LoopSetup } from './loop.ts';
import { accumulateGradients } from './step.ts';
import { withinMemory } from './withinMemory.ts';

/**
 * Computes the gradients of the largest batch there can be once and throws them away: afterwards memory in use is what
 * training will need, and too little of it shows before any work is done. Random numbers are numbered, so nothing of
 * the training changes.
 */
export function rehearse(setup: LoopSetup): void {
  const longestFirst = [...setup.examples.train].sort((a, b) => b.ids.length - a.ids.length);
  const place = { ...setup.place, prefixes: null };
  const batches = [longestFirst.slice(0, setup.options.batchSize)];
  withinMemory(setup, batches, () => accumulateGradients({ ...setup, place }, batches, 0));
  for (const parameter of setup.trainable) parameter.clearGradient();
}
