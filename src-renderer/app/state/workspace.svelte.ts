import type { RunConfig, RunSummary } from '../../../src-main/contract/runs.ts';
import type { DraftValues } from '../../features/train/draftChoices.ts';
import { library } from './library.svelte.ts';

const storageKey = 'tunebench.workspace';

const emptyDraft: DraftValues = {
  datasetId: undefined,
  modelId: undefined,
  task: undefined,
  methodId: undefined,
  name: '',
  objective: {},
  methodOptions: {},
  training: {},
  adapters: [],
  watchDatasetId: undefined,
  parentRunId: undefined,
};

function readDraft(): DraftValues {
  try {
    const saved: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}');
    return typeof saved === 'object' && saved !== null ? { ...emptyDraft, ...saved } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

class Workspace {
  /** What the person has chosen so far for the next run, kept over reloads of the window. */
  draft = $state<DraftValues>(readDraft());
  /** The run the last four steps speak about: the one looked at, otherwise the newest. */
  viewedRunId = $state<string | undefined>(undefined);
  readonly currentRun = $derived.by<RunSummary | undefined>(() => {
    const runs = library.runs.value ?? [];
    return runs.find((run) => run.id === this.viewedRunId) ?? newestRun(runs);
  });

  /** Keeps the draft for as long as the window's session lasts; call from an effect. */
  persist(): void {
    sessionStorage.setItem(storageKey, JSON.stringify(this.draft));
  }

  /** Someone who comes back goes on with what the newest run used, unless something was chosen already. */
  continueFrom(run: RunSummary): void {
    const { draft } = this;
    if (draft.datasetId !== undefined || draft.modelId !== undefined) return;
    draft.datasetId = run.datasetId;
    draft.modelId = run.modelId;
    draft.task = run.task;
    draft.methodId = run.methodId;
  }

  /** Starts a new draft from a configuration, and from the run it belongs to where there is one. */
  copyFrom(config: RunConfig, parentRunId?: string): void {
    this.draft = {
      datasetId: config.datasetId,
      modelId: config.modelId,
      task: config.task,
      methodId: config.method.id,
      name: '',
      objective: config.objective,
      methodOptions: config.method.options,
      training: config.training,
      adapters: config.adapters ?? [],
      watchDatasetId: config.watchDatasetId,
      parentRunId,
    };
  }
}

export function newestRun(runs: readonly RunSummary[]): RunSummary | undefined {
  let newest: RunSummary | undefined;
  for (const run of runs) if (!newest || run.createdAt > newest.createdAt) newest = run;
  return newest;
}

export const workspace = new Workspace();
