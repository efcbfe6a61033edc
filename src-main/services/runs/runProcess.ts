import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import type { RunEventBody } from '../../contract/events.ts';
import type { SteeringChange } from '../../contract/steering.ts';
import type { TrainJob, WorkerMessage } from '../../contract/worker.ts';
import { type WorkerExit, type WorkerHandle, startWorker } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';

const startRequest = 1;
const trainRequest = 2;

/** Why a process that should have finished its run did not, for a person. */
function describeExit(exit: WorkerExit, name: string, step: number): Problem {
  const detail = exit.errorOutput.trim().split('\n').at(-1) ?? '';
  switch (exit.how) {
    case 'killedBySystem':
      return describeProblem('run.workerKilled', { name, step, signal: exit.signal ?? '–' });
    case 'killedByHost':
      return describeProblem('run.hostEnded', { name, step });
    case 'ended':
    case 'crashed':
    case 'brokeProtocol':
      if (detail === '' && exit.how !== 'brokeProtocol') {
        return describeProblem('run.workerSilent', {
          name,
          step,
          how: exit.signal ?? `exit ${exit.code ?? '–'}`,
        });
      }
      return describeProblem('run.workerCrashed', {
        name,
        step,
        code: exit.code ?? exit.signal ?? '–',
        detail: detail || exit.problem?.message || '–',
      });
    default:
      return exit.how satisfies never;
  }
}

/** One training run in its own process, from start to whatever end. */
export class RunProcess {
  readonly #worker: WorkerHandle;
  readonly #job: TrainJob;
  readonly #name: string;
  readonly #record: (body: RunEventBody) => void;
  readonly #onAwaitsLog: () => void;
  #awaitsLog = false;
  #step = 0;
  #ended = false;
  /** Resolves when the process is gone and the run's last event has been recorded. */
  readonly ended: Promise<void>;

  /** @param onAwaitsLog told when the process goes on only after `logWritten` */
  constructor(
    context: ServiceContext,
    run: { job: TrainJob; name: string },
    record: (body: RunEventBody) => void,
    onAwaitsLog: () => void,
  ) {
    this.#job = run.job;
    this.#name = run.name;
    this.#record = record;
    this.#onAwaitsLog = onAwaitsLog;
    this.#worker = startWorker({
      launcher: context.launcher,
      onMessage: (message) => this.#take(message),
      onErrorOutput: (text) => context.log.write('info', 'worker output', { runId: run.job.runId, text }),
    });
    this.#worker.send({ kind: 'start', id: startRequest, backend: context.setup.backend });
    this.ended = this.#worker.exited.then((exit) => {
      context.log.write('info', 'worker ended', { runId: run.job.runId, ...exit });
      if (!this.#ended) {
        this.#end({ event: 'interrupted', problem: describeExit(exit, this.#name, this.#step) });
      }
    });
  }

  pause(): void {
    this.#worker.send({ kind: 'pause' });
  }

  continue(): void {
    this.#worker.send({ kind: 'continue' });
  }

  /** Everything that the process has told is on disk. */
  logWritten(): void {
    if (this.#awaitsLog) this.#worker.send({ kind: 'logWritten' });
    this.#awaitsLog = false;
  }

  /** Asks for a change before the next step. */
  steer(id: string, change: SteeringChange): void {
    this.#worker.send({ kind: 'steer', id, change });
  }

  /** Asks the run to stop at the next step, with a checkpoint. */
  stop(): void {
    this.#worker.send({ kind: 'stop' });
    // Whoever stops a run does not wait until there is room for its log.
    this.logWritten();
  }

  /** Ends the process at once; the run goes on from its last checkpoint when it is resumed. */
  kill(): void {
    this.#worker.kill();
  }

  #end(body: RunEventBody): void {
    this.#ended = true;
    this.#record(body);
  }

  #take(message: WorkerMessage): void {
    switch (message.kind) {
      case 'started':
        this.#worker.send({ kind: 'train', id: trainRequest, job: this.#job });
        return;
      case 'runEvent':
        if (!this.#ended) this.#takeEvent(message.body);
        return;
      case 'awaitsLog':
        this.#awaitsLog = true;
        this.#onAwaitsLog();
        return;
      case 'failed':
        if (!this.#ended) this.#end({ event: 'failed', problems: message.problems });
        this.#worker.kill();
        return;
      case 'done':
        // Everything the run wrote is on disk: the process has nothing left to do.
        this.#worker.kill();
        return;
      case 'predicted':
      case 'generatedText':
      case 'probeTaught':
      case 'nearestFound':
        return;
      default:
        message satisfies never;
    }
  }

  #takeEvent(body: RunEventBody): void {
    if (body.event === 'stepped') this.#step = body.step;
    if (body.event === 'finished' || body.event === 'failed' || body.event === 'interrupted') this.#end(body);
    else this.#record(body);
  }
}
