import { type Problem, describeProblem } from '../contract/errors/index.ts';
import { type WorkerMessage, type WorkerRequest, workerMessageSchema } from '../contract/worker.ts';

/** A process as a launcher hands it over: messages are still unchecked. */
export interface LaunchedProcess {
  readonly pid: number | undefined;
  post(message: WorkerRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  onErrorOutput(listener: (text: string) => void): void;
  /** Called once, after the last message and the last error output. */
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  /** Ends the process at once. */
  kill(): void;
}

/** How a worker process is made: a child Node process, or Electron's utilityProcess in a packaged app. */
export type WorkerLauncher = () => LaunchedProcess;

export interface WorkerExit {
  readonly how: 'ended' | 'killedByHost' | 'killedBySystem' | 'crashed' | 'brokeProtocol';
  readonly code: number | null;
  readonly signal: string | null;
  /** Last lines the process wrote to its error output. */
  readonly errorOutput: string;
  /** What to tell a person; absent when the process ended as asked. */
  readonly problem: Problem | undefined;
}

export interface WorkerHandle {
  readonly pid: number | undefined;
  /** Nothing happens once the process has ended; `exited` tells. */
  send(request: WorkerRequest): void;
  /** Resolves when the process has ended, whatever the reason. Never rejects. */
  readonly exited: Promise<WorkerExit>;
  /** Ends the process at once; `exited` then says `killedByHost`. */
  kill(): void;
}

export interface WorkerOptions {
  readonly launcher: WorkerLauncher;
  readonly onMessage: (message: WorkerMessage) => void;
  /** Pieces of the error output, for the log. */
  readonly onErrorOutput?: (text: string) => void;
}

const keptErrorCharacters = 4000;

function judgeExit(
  code: number | null,
  signal: string | null,
  errorOutput: string,
  state: { killedByHost: boolean; protocolFailure: string | undefined },
): WorkerExit {
  const exit = { code, signal, errorOutput };
  if (state.protocolFailure !== undefined) {
    const problem = describeProblem('platform.workerProtocol', { detail: state.protocolFailure });
    return { ...exit, how: 'brokeProtocol', problem };
  }
  if (state.killedByHost) return { ...exit, how: 'killedByHost', problem: undefined };
  if (code === 0) return { ...exit, how: 'ended', problem: undefined };
  // The kernel's out-of-memory killer sends SIGKILL, which nothing in the process itself does.
  if (signal === 'SIGKILL') {
    return { ...exit, how: 'killedBySystem', problem: describeProblem('platform.workerKilled', { signal }) };
  }
  const lastLine = errorOutput.trim().split('\n').at(-1) ?? '';
  const problem = describeProblem('platform.workerCrashed', {
    how: signal ?? `exit ${code ?? '?'}`,
    detail: lastLine === '' ? '–' : lastLine,
  });
  return { ...exit, how: 'crashed', problem };
}

/** Starts a worker process, checks every message it sends, and says how it ended. */
export function startWorker({ launcher, onMessage, onErrorOutput }: WorkerOptions): WorkerHandle {
  const child = launcher();
  const state: { killedByHost: boolean; protocolFailure: string | undefined } = {
    killedByHost: false,
    protocolFailure: undefined,
  };
  let errorOutput = '';
  let over = false;
  child.onErrorOutput((text) => {
    errorOutput = (errorOutput + text).slice(-keptErrorCharacters);
    onErrorOutput?.(text);
  });
  child.onMessage((raw) => {
    if (state.protocolFailure !== undefined) return;
    const parsed = workerMessageSchema.safeParse(raw);
    if (parsed.success) {
      onMessage(parsed.data);
      return;
    }
    const issue = parsed.error.issues[0];
    state.protocolFailure = issue ? `${issue.path.join('.')}: ${issue.message}` : 'unknown message';
    child.kill();
  });
  const exited = new Promise<WorkerExit>((resolve) => {
    child.onExit((code, signal) => {
      over = true;
      resolve(judgeExit(code, signal, errorOutput, state));
    });
  });
  return {
    pid: child.pid,
    send(request) {
      if (!over) child.post(request);
    },
    exited,
    kill() {
      if (over) return;
      state.killedByHost = true;
      child.kill();
    },
  };
}
