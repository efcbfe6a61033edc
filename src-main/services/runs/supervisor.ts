import type { RunEventBody } from '../../contract/events.ts';
import type { TrainJob } from '../../contract/worker.ts';
import { problemsFromError } from '../../contract/errors/index.ts';
import type { ChangeSignal } from '../changeSignal.ts';
import type { ServiceContext } from '../context.ts';
import { RunProcess } from './runProcess.ts';
import { LiveEventFile } from './exchange/liveEventFile.ts';
import { RunRecorder } from './recorder.ts';

function attempt(work: () => void, onFailure: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    onFailure(error);
  }
}

/**
 * Decides which queued run trains when: one at a time, in the order of their queue. A run's process is its own; whatever
 * ends it, the next one starts.
 */
export class Supervisor {
  readonly #context: ServiceContext;
  readonly #changes: ChangeSignal;
  readonly #loadJob: (runId: string) => TrainJob;
  #active: { runId: string; process: RunProcess } | undefined;
  #closed = false;
  /** Runs this process may start; undefined for all of the data folder. */
  readonly #own: Set<string> | undefined;

  /** Runs whose events could not be stored: they would fail again, and look queued all the while. */
  readonly #unrecorded = new Set<string>();

  /** @param adopt whether to start runs that an earlier host has left in the queue */
  constructor(
    context: ServiceContext,
    changes: ChangeSignal,
    loadJob: (runId: string) => TrainJob,
    adopt: boolean,
  ) {
    this.#context = context;
    this.#changes = changes;
    this.#loadJob = loadJob;
    this.#own = adopt ? undefined : new Set();
  }

  /** Takes a run that has just been queued. */
  enqueue(runId: string): void {
    this.#own?.add(runId);
    this.#unrecorded.delete(runId);
    this.startNext();
  }

  /** Starts the first waiting run if none is training. */
  startNext(): void {
    if (this.#active !== undefined || this.#closed) return;
    const next = this.#context.store.runs
      .withStatus('queued')
      .filter((run) => this.#own === undefined || this.#own.has(run.id))
      .filter((run) => !this.#unrecorded.has(run.id))
      .sort((a, b) => (a.queuePosition ?? 0) - (b.queuePosition ?? 0))
      .at(0);
    if (next === undefined) return;
    let process: RunProcess | undefined;
    // A full disk or a broken database ends the run, never the host; the next start finds the run interrupted.
    const onFailure = (error: unknown) => {
      this.#context.log.write('error', 'run not recorded', {
        runId: next.id,
        problems: problemsFromError(error),
      });
      this.#unrecorded.add(next.id);
      process?.kill();
    };
    const { store, files, dataFolder, log } = this.#context;
    const copy = new LiveEventFile(
      (name) => files.join(dataFolder.runPath(next.id), 'tensorboard', name),
      (error) => log.write('warning', 'event file not written', { problems: problemsFromError(error) }),
    );
    const recorder = new RunRecorder(store, this.#changes, next.id, onFailure, (body, at) =>
      copy.add(body, at),
    );
    const record = (body: RunEventBody) => attempt(() => recorder.record(body), onFailure);
    try {
      const job = this.#loadJob(next.id);
      process = new RunProcess(this.#context, { job, name: next.name }, record);
    } catch (error) {
      record({ event: 'failed', problems: [...problemsFromError(error)] });
      this.startNext();
      return;
    }
    this.#active = { runId: next.id, process };
    void process.ended.then(() => {
      attempt(() => recorder.flush(), onFailure);
      this.#active = undefined;
      attempt(() => this.startNext(), onFailure);
    });
  }

  /** The process of a run, when it is the one training. */
  processOf(runId: string): RunProcess | undefined {
    return this.#active?.runId === runId ? this.#active.process : undefined;
  }

  /**
   * Ends this host's part: the run in progress stops at its next step with a checkpoint; when it has not done so after
   * `patienceMs`, its process is ended and the run can be resumed from its last checkpoint.
   */
  async close(patienceMs: number): Promise<void> {
    this.#closed = true;
    const active = this.#active;
    if (active === undefined) return;
    active.process.stop();
    const timer = setTimeout(() => active.process.kill(), patienceMs);
    await active.process.ended;
    clearTimeout(timer);
  }
}
