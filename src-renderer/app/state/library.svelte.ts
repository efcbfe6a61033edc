import type { Job } from '../../../src-main/contract/events.ts';
import { client } from '../../rpc/client.ts';
import { follow } from '../../rpc/follow.ts';
import { Resource } from '../../rpc/resource.svelte.ts';

/** What every page needs to know: the lists of the workbench, loaded anew when they change. */
class Library {
  readonly system = new Resource(() => client.system.info());
  readonly datasets = new Resource(() => client.datasets.list());
  readonly models = new Resource(() => client.models.list());
  readonly methods = new Resource(() => client.methods.list());
  readonly runs = new Resource(() => client.runs.list());
  readonly settings = new Resource(() => client.system.settings());
  jobs = $state.raw<readonly Job[]>([]);

  /** What stays as it is for as long as the host lives. */
  async loadProgram(): Promise<void> {
    await Promise.all([this.system.reload(), this.methods.reload()]);
  }

  /** Loads the lists that are shared, and each again when a window, a terminal or a run has changed it. */
  async watchLists(signal: AbortSignal): Promise<void> {
    await follow(
      (inner) => client.system.watchLists(undefined, { signal: inner }),
      (list) => void this[list].refresh(),
      signal,
    );
  }

  /** Follows the jobs of the host. */
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
  }
}

export const library = new Library();
