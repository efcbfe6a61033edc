import {
  type Problem,
  TunebenchError,
  describeProblem,
  problemsFromError,
} from '../../contract/errors/index.ts';
import { bytesText } from '../../contract/bytesText.ts';
import type { RunEventBody } from '../../contract/events.ts';
import type { TrainJob } from '../../contract/worker.ts';
import { countMemoryKills } from '../../platform/index.ts';
import type { ChangeSignal } from '../changeSignal.ts';
import type { ServiceContext } from '../context.ts';
import { LiveEventFile } from './exchange/liveEventFile.ts';
import { RunRecorder } from './recorder.ts';
import { RunProcess } from './runProcess.ts';

/** How often the disk is tried again after it was full. */
const retryEveryMs = 2_000;

/**
 * A run in training and the log that follows it. While the disk is full it stands still: where its process cannot write,
 * that one waits with everything in memory; where the log cannot, its last events are kept here. What else the log
 * cannot take ends the process, never the host.
 */
export class ActiveRun {
  readonly runId: string;
  readonly process: RunProcess;
  readonly #recorder: RunRecorder;
  readonly #memoryKills = countMemoryKills();
  /** Why the log cannot be written. */
  #blocked: Problem | undefined;
  /** Why the process stands still of itself. Known also where that could not be stored. */
  #waiting: Problem | undefined;
  #retry: NodeJS.Timeout | undefined;
  readonly #fail: (error: unknown) => void;

  /** @param onFailure told when the log could not take an event, which ends the process */
  constructor(
    context: ServiceContext,
    changes: ChangeSignal,
    run: { job: TrainJob; name: string },
    onFailure: (error: unknown) => void,
  ) {
    this.runId = run.job.runId;
    const { store, files, dataFolder, log } = context;
    const copy = new LiveEventFile(
      (name) => files.join(dataFolder.runPath(this.runId), 'tensorboard', name),
      (error) => log.write('warning', 'event file not written', { problems: problemsFromError(error) }),
    );
    this.#fail = (error) => {
      if (error instanceof TunebenchError && error.code === 'platform.diskFull') {
        const free = bytesText(files.freeBytes(dataFolder.path));
        this.#block(describeProblem('run.logDiskFull', { folder: dataFolder.path, free }));
        return;
      }
      log.write('error', 'run not recorded', { runId: this.runId, problems: problemsFromError(error) });
      onFailure(error);
      this.process.kill();
    };
    this.#recorder = new RunRecorder(store, changes, this.runId, this.#fail, (body, at) =>
      copy.add(body, at),
    );
    this.process = new RunProcess(
      context,
      run,
      (body) => this.#record(body),
      () => this.#write(),
    );
  }

  /** Why it stands still although nobody has paused it. */
  get blocked(): Problem | undefined {
    return this.#blocked ?? this.#waiting;
  }

  #record(body: RunEventBody): void {
    this.#waiting = body.event === 'paused' ? body.problem : undefined;
    try {
      this.#recorder.record(body);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes what was gathered, for a process that waits for it. */
  #write(): void {
    try {
      this.#recorder.flush();
      this.process.logWritten();
    } catch (error) {
      this.#fail(error);
    }
  }

  #block(problem: Problem): void {
    if (this.#blocked === undefined) this.process.pause();
    this.#blocked = problem;
    this.#retry ??= setInterval(() => this.tryAgain(), retryEveryMs).unref();
  }

  /** Writes what could not be written and lets the process go on; on a disk that is still full nothing changes. */
  tryAgain(): void {
    try {
      this.#recorder.flush();
    } catch {
      return;
    }
    this.#unblock();
    this.process.logWritten();
    this.process.continue();
  }

  #unblock(): void {
    clearInterval(this.#retry);
    this.#retry = undefined;
    this.#blocked = undefined;
  }

  /** Whether the system has ended processes for want of memory since this one began. */
  get memoryRanOut(): boolean {
    return (countMemoryKills() ?? 0) > (this.#memoryKills ?? 0);
  }

  /** Writes what is left once the process is gone, however long a full disk makes that take. */
  async end(): Promise<void> {
    for (;;) {
      try {
        this.#unblock();
        this.#recorder.flush();
        return;
      } catch (error) {
        this.#fail(error);
        if (this.#blocked === undefined) return;
        await new Promise<void>((resolve) => setTimeout(resolve, retryEveryMs).unref());
      }
    }
  }
}
