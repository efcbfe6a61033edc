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
  return {
    datasetChosen: dataset !== undefined,
    modelChosen: model !== undefined,
    setupComplete: method !== undefined,
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
