import type { Route, RunTab } from './routes.ts';

/** The nine steps of a fine-tuning project, in order. */
export const stepIds = [
  'data',
  'model',
  'strategy',
  'hyperparameters',
  'initialise',
  'train',
  'validate',
  'test',
  'use',
] as const;
export type StepId = (typeof stepIds)[number];

export type StepState = 'done' | 'open' | 'waiting';

/** What the steps depend on: what has been chosen, and what the run being looked at has reached. */
export interface Progress {
  datasetChosen: boolean;
  modelChosen: boolean;
  setupComplete: boolean;
  run:
    | { id: string; ended: boolean; started: boolean; validated: boolean; tested: boolean; usable: boolean }
    | undefined;
}

/** `done` when its result exists, `waiting` while something before it is missing, `open` in between. */
export function stepState(step: StepId, progress: Progress): StepState {
  const { datasetChosen, modelChosen, setupComplete, run } = progress;
  const when = (done: boolean, open: boolean): StepState => (done ? 'done' : open ? 'open' : 'waiting');
  switch (step) {
    case 'data':
      return when(datasetChosen, true);
    case 'model':
      return when(modelChosen, true);
    case 'strategy':
    case 'hyperparameters':
      return when(setupComplete, datasetChosen && modelChosen);
    case 'initialise':
      return when(run?.started === true, setupComplete);
    case 'train':
      return when(run?.ended === true, run !== undefined);
    case 'validate':
      return when(run?.validated === true && run.ended, run?.validated === true);
    case 'test':
      return when(run?.tested === true, run?.ended === true);
    case 'use':
      return when(false, run?.usable === true);
    default:
      return step satisfies never;
  }
}

const tabOfStep: Readonly<Partial<Record<StepId, RunTab>>> = {
  train: 'train',
  validate: 'validate',
  test: 'test',
  use: 'use',
};

/** Where a step leads; the last four belong to a run and say so when there is none. */
export function stepRoute(step: StepId, runId: string | undefined): Route {
  const tab = tabOfStep[step];
  if (tab) return runId === undefined ? { page: 'noRun', tab } : { page: 'run', id: runId, tab };
  switch (step) {
    case 'data':
      return { page: 'datasets' };
    case 'model':
      return { page: 'models' };
    case 'hyperparameters':
    case 'initialise':
      return { page: 'setup', section: step };
    default:
      return { page: 'setup', section: 'strategy' };
  }
}

/** The step a place belongs to, to mark it in the navigation. */
export function stepOfRoute(route: Route): StepId | undefined {
  switch (route.page) {
    case 'datasets':
    case 'dataset':
    case 'importDataset':
    case 'expand':
    case 'openLabelling':
    case 'label':
      return 'data';
    case 'models':
    case 'importModel':
    case 'downloadModel':
      return 'model';
    case 'setup':
      return route.section;
    case 'run':
    case 'noRun':
      return route.tab;
    default:
      return undefined;
  }
}
