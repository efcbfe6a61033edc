import type { RunEventBody } from '../../src-main/contract/events.ts';
import type { TrainJob, WorkerMessage, WorkerRequest } from '../../src-main/contract/worker.ts';
import type { WorkerLauncher } from '../../src-main/platform/index.ts';

/** A worker process that does exactly what the test says, instead of training. */
export class ScriptedWorker {
  readonly requests: WorkerRequest[] = [];
  #onMessage: (message: unknown) => void = () => undefined;
  #onErrorOutput: (text: string) => void = () => undefined;
  #onExit: (code: number | null, signal: string | null) => void = () => undefined;
  #over = false;
  #waiting: { kind: WorkerRequest['kind']; resolve: () => void }[] = [];

  launched() {
    return {
      pid: 4711,
      post: (message: WorkerRequest) => {
        this.requests.push(message);
        this.#waiting = this.#waiting.filter((waiter) => {
          if (waiter.kind === message.kind) waiter.resolve();
          return waiter.kind !== message.kind;
        });
        // Every worker first says what it computes on.
        if (message.kind === 'start') {
          queueMicrotask(() =>
            this.say({ kind: 'started', id: message.id, device: 'script', libraryVersion: '0' }),
          );
        }
      },
      onMessage: (listener: (message: unknown) => void) => (this.#onMessage = listener),
      onErrorOutput: (listener: (text: string) => void) => (this.#onErrorOutput = listener),
      onExit: (listener: (code: number | null, signal: string | null) => void) => (this.#onExit = listener),
      kill: () => this.exit(null, 'SIGKILL'),
    };
  }

  say(message: WorkerMessage): void {
    this.#onMessage(message);
  }
  tell(body: RunEventBody): void {
    this.say({ kind: 'runEvent', body });
  }
  write(text: string): void {
    this.#onErrorOutput(text);
  }
  exit(code: number | null, signal: string | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#onExit(code, signal);
  }

  /** Resolves once the host has asked for this. */
  async asked(kind: WorkerRequest['kind']): Promise<void> {
    if (this.requests.some((request) => request.kind === kind)) return;
    await new Promise<void>((resolve) => this.#waiting.push({ kind, resolve }));
  }

  get job(): TrainJob {
    for (const request of this.requests) if (request.kind === 'train') return request.job;
    throw new Error('This worker was not asked to train.');
  }

  /** Tells what every run tells before its first step. */
  prepare(resumedFromStep: number | null = null): void {
    this.tell({ event: 'started', device: 'script', resumedFromStep });
    this.tell({
      event: 'prepared',
      trainableParameters: 10,
      totalParameters: 100,
      totalSteps: 4,
      trainRows: 8,
      labels: ['a', 'b'],
      memoryBytes: 1000,
    });
  }

  step(step: number, loss = 1 / step): void {
    this.tell({
      event: 'stepped',
      step,
      totalSteps: 4,
      epoch: step / 4,
      metrics: { loss },
      memoryBytes: 1000,
      elapsedMs: step * 10,
      remainingMs: (4 - step) * 10,
    });
  }

  finish(outcome: 'completed' | 'stopped', step: number): void {
    this.tell({
      event: 'finished',
      outcome,
      metrics: { test: { accuracy: 0.75 } },
      step,
      rowsPerSecond: 5,
      peakMemoryBytes: 2000,
      trainableParameters: 10,
      elapsedMs: 40,
    });
    this.say({ kind: 'done', id: 2 });
  }
}

/** A launcher whose processes the test plays, in the order they are started. */
export function scriptedLauncher(): { launcher: WorkerLauncher; next(): Promise<ScriptedWorker> } {
  const started: ScriptedWorker[] = [];
  let taken = 0;
  let wake = () => {};
  return {
    launcher: () => {
      const worker = new ScriptedWorker();
      started.push(worker);
      wake();
      return worker.launched();
    },
    async next() {
      const index = taken++;
      for (;;) {
        const worker = started[index];
        if (worker !== undefined) return worker;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
