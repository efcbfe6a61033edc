import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { currentChoices } from '../../features/train/currentChoices.svelte.ts';
import type { Progress } from '../steps.ts';
import { workspace } from './workspace.svelte.ts';

function hasMetricOf(run: RunSummary, split: string): boolean {
  return Object.keys(run.metrics).some((name) => name.startsWith(`${split}.`));
}

/** How far the project has come, from what is chosen and what the current run has reached. */
export function currentProgress(): Progress {
  const { dataset, model, method } = currentChoices();
  const run = workspace.currentRun;
  // Someone who comes back to a run and has begun nothing new stands where that run stands.
  const followsRun = run !== undefined && dataset === undefined && model === undefined;
  return {
    datasetChosen: followsRun || dataset !== undefined,
    modelChosen: followsRun || model !== undefined,
    setupComplete: followsRun || method !== undefined,
    run: run && {
      id: run.id,
      started: run.startedAt !== null,
      ended: run.status === 'completed' || run.status === 'stopped',
      validated: hasMetricOf(run, 'validation'),
      tested: hasMetricOf(run, 'test'),
      usable: run.status === 'completed' || run.status === 'stopped',
    },
  };
}
