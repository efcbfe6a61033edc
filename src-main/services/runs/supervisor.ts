import { type Problem, problemsFromError } from '../../contract/errors/index.ts';
import type { TrainJob } from '../../contract/worker.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { ChangeSignal } from '../changeSignal.ts';
import type { ServiceContext } from '../context.ts';
import { ActiveRun } from './activeRun.ts';
import { chooseNext, waitingRuns } from './queue.ts';
import { RunRecorder } from './recorder.ts';
import type { RunProcess } from './runProcess.ts';

/** The longest time the queue sleeps: a machine that was asleep, or whose clock was set, is not trusted further. */
const longestWaitMs = 30_000;

/**
 * Decides which waiting run trains when: in the order of the queue, as many at once as there are slots, none while the
 * queue is paused and none before its time. A run's process is its own; whatever ends it, the next one starts.
 */
export class Supervisor {
  readonly #context: ServiceContext;
  readonly #changes: ChangeSignal;
  readonly #loadJob: (runId: string) => TrainJob;
  readonly #active = new Map<string, ActiveRun>();
  readonly #onEnded: (runId: string, memoryRanOut: boolean) => void;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  /** Runs this process may start; undefined for all of the data folder. */
  readonly #own: Set<string> | undefined;

  /** Runs whose events could not be stored: they would fail again, and look queued all the while. */
  readonly #unrecorded = new Set<string>();

  /**
   * @param adopt whether to start runs that an earlier host has left in the queue
   * @param onEnded told when a run's process is gone and its last event written
   */
  constructor(
    context: ServiceContext,
    changes: ChangeSignal,
    loadJob: (runId: string) => TrainJob,
    adopt: boolean,
    onEnded: (runId: string, memoryRanOut: boolean) => void = () => undefined,
  ) {
    this.#context = context;
    this.#changes = changes;
    this.#loadJob = loadJob;
    this.#own = adopt ? undefined : new Set();
    this.#onEnded = onEnded;
  }

  /** Takes a run that has just been queued. */
  enqueue(runId: string): void {
    this.#own?.add(runId);
    this.#unrecorded.delete(runId);
    this.startNext();
  }

  /** Starts what may train now. */
  startNext(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return;
    const { queuePaused, queueSlots } = this.#context.store.settings.get();
    while (!queuePaused && this.#active.size < queueSlots) {
      const waiting = waitingRuns(this.#context.store)
        .filter((run) => this.#own === undefined || this.#own.has(run.id))
        .filter((run) => !this.#unrecorded.has(run.id) && !this.#active.has(run.id));
      const { run, waitMs } = chooseNext(waiting, Date.now());
      if (run === undefined) {
        if (waitMs !== undefined) this.#lookAgain(waitMs);
        return;
      }
      this.#start(run);
    }
  }

  #lookAgain(waitMs: number): void {
    this.#timer = setTimeout(
      () => this.#attempt(() => this.startNext()),
      Math.min(waitMs + 50, longestWaitMs),
    );
    this.#timer.unref();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#context.log.write('error', 'queue stopped', { problems: problemsFromError(error) });
    }
  }

  #start(next: RunSummary): void {
    const fail = () => void this.#unrecorded.add(next.id);
    let active: ActiveRun;
    try {
      const run = { job: this.#loadJob(next.id), name: next.name };
      active = new ActiveRun(this.#context, this.#changes, run, fail);
    } catch (error) {
      this.#unrecorded.add(next.id);
      this.#attempt(() => {
        const recorder = new RunRecorder(this.#context.store, this.#changes, next.id);
        recorder.record({ event: 'failed', problems: [...problemsFromError(error)] });
      });
      return;
    }
    this.#active.set(next.id, active);
    void active.process.ended.then(async () => {
      await active.end();
      this.#active.delete(next.id);
      if (!this.#closed) this.#attempt(() => this.#onEnded(next.id, active.memoryRanOut));
      this.#attempt(() => this.startNext());
    });
  }

  /** The process of a run that is training. */
  processOf(runId: string): RunProcess | undefined {
    return this.#active.get(runId)?.process;
  }

  /** Lets a run that stands still because of a problem try again at once; whether there is one. */
  tryAgain(runId: string): boolean {
    const active = this.#active.get(runId);
    if (active?.blocked === undefined) return false;
    active.tryAgain();
    return true;
  }

  /** What keeps runs from going on, such as a full disk. */
  blocked(): { runId: string; problem: Problem }[] {
    return [...this.#active.values()].flatMap(({ runId, blocked }) =>
      blocked === undefined ? [] : [{ runId, problem: blocked }],
    );
  }

  /**
   * Ends this host's part: runs in progress stop at their next step with a checkpoint; where one has not done so after
   * `patienceMs`, its process is ended and the run can be resumed from its last checkpoint.
   */
  async close(patienceMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const ending = [...this.#active.values()].map(async ({ process }) => {
      process.stop();
      const timer = setTimeout(() => process.kill(), patienceMs);
      await process.ended;
      clearTimeout(timer);
    });
    await Promise.all(ending);
  }
}
