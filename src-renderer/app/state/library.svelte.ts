import type { Job } from '../../../src-main/contract/events.ts';
import { client } from '../../rpc/client.ts';
import { follow } from '../../rpc/follow.ts';
import { Resource } from '../../rpc/resource.svelte.ts';

/** What every page needs to know: the lists of the workbench, loaded once and refreshed when they change. */
class Library {
  readonly system = new Resource(() => client.system.info());
  readonly datasets = new Resource(() => client.datasets.list());
  readonly models = new Resource(() => client.models.list());
  readonly methods = new Resource(() => client.methods.list());
  readonly runs = new Resource(() => client.runs.list());
  readonly settings = new Resource(() => client.system.settings());
  jobs = $state.raw<readonly Job[]>([]);

  async reloadAll(): Promise<void> {
    await Promise.all([
      this.system.reload(),
      this.methods.reload(),
      this.settings.reload(),
      this.reloadLists(),
    ]);
  }

  /** What grows by work that may be done anywhere. */
  async reloadLists(): Promise<void> {
    await Promise.all([this.datasets.reload(), this.models.reload(), this.runs.reload()]);
  }

  /** Follows the jobs of the host; a finished one changes the lists it added to. */
  async watchJobs(signal: AbortSignal): Promise<void> {
    await follow(
      (inner) => client.jobs.watch(undefined, { signal: inner }),
      (job) => this.#updateJob(job),
      signal,
    );
  }

  #updateJob(job: Job): void {
    const known = this.jobs.find((other) => other.id === job.id);
    this.jobs = known ? this.jobs.map((other) => (other.id === job.id ? job : other)) : [...this.jobs, job];
    const ended = known?.status === 'running' && job.status === 'completed';
    if (!ended) return;
    if (job.kind === 'modelDownload') void this.models.reload();
    if (job.kind === 'datasetImport') void this.datasets.reload();
  }
}

export const library = new Library();
