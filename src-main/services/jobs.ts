import type { Job } from '../contract/events.ts';
import { TunebenchError, problemsFromError } from '../contract/errors/index.ts';
import { ChangeSignal } from './changeSignal.ts';
import { newId } from './identity.ts';

/** What the work of a job may do with it. */
export interface JobControl {
  readonly signal: AbortSignal;
  progress(done: number, total?: number): void;
}

export interface JobStart {
  readonly kind: Job['kind'];
  readonly title: string;
  readonly unit: Job['unit'];
  readonly total?: number;
}

const keptJobs = 50;
/** Progress is announced at most this often; the end always is. */
const announceEveryMs = 100;

/** Long host work that is not a run: its progress, its end, and its cancelling. Jobs end with their host. */
export class Jobs {
  readonly changes = new ChangeSignal();
  readonly #jobs = new Map<string, { job: Job; version: number; abort: AbortController }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Newest first. */
  list(): Job[] {
    return [...this.#jobs.values()].map((entry) => entry.job).reverse();
  }

  /** Jobs that changed after a version of `changes`, oldest first. */
  changedSince(version: number): Job[] {
    return [...this.#jobs.values()].filter((entry) => entry.version > version).map((entry) => entry.job);
  }

  cancel(id: string): Job {
    const entry = this.#jobs.get(id);
    if (entry === undefined) throw new TunebenchError('common.notFound', { kind: 'job', id });
    if (entry.job.status === 'running') entry.abort.abort(new TunebenchError('common.cancelled'));
    return entry.job;
  }

  cancelAll(): void {
    for (const entry of this.#jobs.values()) this.cancel(entry.job.id);
  }

  /**
   * Starts work and follows it.
   * @param work returns what it made and that thing's id; a throw makes the job failed, or cancelled when it was asked
   * @returns the job as it starts, and the work's own promise
   */
  start<Result>(
    start: JobStart,
    work: (control: JobControl) => Promise<{ result: Result; resultId: string }>,
  ): { job: Job; finished: Promise<Result> } {
    const id = newId();
    const abort = new AbortController();
    const startedAt = this.#now();
    let announcedAt = -Infinity;
    const put = (change: Partial<Job>, always: boolean) => {
      const entry = this.#jobs.get(id);
      if (entry === undefined) return;
      entry.job = { ...entry.job, ...change };
      if (!always && this.#now() - announcedAt < announceEveryMs) return;
      announcedAt = this.#now();
      entry.version = this.changes.version + 1;
      this.changes.announce();
    };
    const job: Job = {
      id,
      kind: start.kind,
      title: start.title,
      status: 'running',
      done: 0,
      total: start.total ?? null,
      unit: start.unit,
      ratePerSecond: null,
      resultId: null,
      problems: [],
    };
    this.#jobs.set(id, { job, version: 0, abort });
    this.#forgetOldest();
    put({}, true);

    const control: JobControl = {
      signal: abort.signal,
      progress: (done, total) => {
        const seconds = (this.#now() - startedAt) / 1000;
        put(
          {
            done,
            ...(total === undefined ? {} : { total }),
            ratePerSecond: seconds > 0.2 ? done / seconds : null,
          },
          false,
        );
      },
    };
    const finished = (async () => {
      try {
        const { result, resultId } = await work(control);
        put({ status: 'completed', resultId }, true);
        return result;
      } catch (error) {
        const status = abort.signal.aborted ? 'cancelled' : 'failed';
        put({ status, problems: status === 'failed' ? [...problemsFromError(error)] : [] }, true);
        throw abort.signal.aborted ? new TunebenchError('common.cancelled', {}, { cause: error }) : error;
      }
    })();
    // Whoever only wants the job need not watch the promise: the failure is in the job.
    finished.catch(() => undefined);
    return { job, finished };
  }

  #forgetOldest(): void {
    for (const [id, entry] of this.#jobs) {
      if (this.#jobs.size <= keptJobs) return;
      if (entry.job.status !== 'running') this.#jobs.delete(id);
    }
  }
}
