/** The steps of set-up, in order. A step that is done is passed over; one that was interrupted starts again. */
import { backendStep } from './backend.mjs';
import { nodeRuntimeStep } from './nodeRuntime.mjs';
import { packagesStep } from './packages.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => boolean} isDone cheap: reads files, runs nothing
 * @property {(progress: import('./progress.mjs').Progress) => Promise<void>} run
 */

/**
 * @param {import('./paths.mjs').ProjectPaths} paths
 * @param {{ cuda: boolean, retry: boolean, interactive: boolean }} options
 * @returns {Step[]}
 */
export function setupSteps(paths, options) {
  return [packagesStep(paths), nodeRuntimeStep(paths), backendStep(paths, options)];
}

/**
 * The steps still to do. What follows an unfinished step is not asked, for its answer may change.
 * @param {Step[]} steps
 * @returns {Step[]}
 */
export function stepsToDo(steps) {
  const first = steps.findIndex((step) => !step.isDone());
  return first < 0 ? [] : steps.slice(first);
}
