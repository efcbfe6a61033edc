import type { Problem } from '../../../src-main/contract/errors/index.ts';
import type { RunForecast } from '../../../src-main/contract/runs.ts';
import { library } from '../../app/state/library.svelte.ts';
import { workspace } from '../../app/state/workspace.svelte.ts';
import { client } from '../../rpc/client.ts';
import { Action, Resource } from '../../rpc/resource.svelte.ts';
import { startRun } from '../runs/startRun.ts';
import { checkConfig, configOf } from './draftChoices.ts';
import { currentChoices } from './currentChoices.svelte.ts';

const forecastDelayMs = 250;

/** The setup page's state: the draft of the workspace, what it comes to, its problems and its forecast. */
export class SetupForm {
  readonly starting = new Action();
  readonly catalogue = $derived(library.methods.value);
  readonly trainingSpecs = $derived(this.catalogue?.training ?? {});
  readonly choices = $derived(currentChoices());
  readonly config = $derived(configOf(workspace.draft, this.choices, this.trainingSpecs));
  readonly ownProblems = $derived<Problem[]>(
    this.config ? checkConfig(this.config, this.choices, this.trainingSpecs) : [],
  );
  readonly forecast = new Resource<RunForecast | undefined>(async () =>
    this.config && this.ownProblems.length === 0 ? client.runs.forecast(this.config) : undefined,
  );
  /** Every problem known now: the window's own, the forecast's, and those of an attempt to start. */
  readonly problems = $derived<readonly Problem[]>(
    this.ownProblems.length > 0
      ? this.ownProblems
      : [
          ...(this.forecast.value?.problems ?? []),
          ...this.forecast.problems,
          ...this.starting.problems.filter(
            (problem) =>
              !this.forecast.value?.problems.some(
                (known) => known.code === problem.code && known.path === problem.path,
              ),
          ),
        ],
  );
  readonly canStart = $derived(
    this.config !== undefined &&
      this.ownProblems.length === 0 &&
      (this.forecast.value?.problems.length ?? 0) === 0,
  );

  /** Asks for a new forecast a moment after the last change; call from an effect. */
  scheduleForecast(): () => void {
    void JSON.stringify(this.config);
    this.starting.clear();
    const timer = setTimeout(() => void this.forecast.reload(), forecastDelayMs);
    return () => clearTimeout(timer);
  }

  async start(): Promise<void> {
    const config = this.config;
    if (!config) return;
    const { parentRunId } = workspace.draft;
    await this.starting.run(() => startRun({ ...config, ...(parentRunId ? { parentRunId } : {}) }));
  }
}
