import type { Problem } from '../contract/errors/index.ts';
import type { WorkerMessage, WorkerRequest } from '../contract/worker.ts';

/** A process as a launcher hands it over: untyped messages, before they are checked. */
export interface LaunchedProcess {
  readonly pid: number | undefined;
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onErrorOutput(listener: (text: string) => void): void;
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
  send(request: WorkerRequest): void;
  /** Resolves when the process has ended, whatever the reason. Never rejects. */
  readonly exited: Promise<WorkerExit>;
  /** Ends the process at once; `exited` then says `killedByHost`. */
  kill(): void;
}

export interface WorkerOptions {
  readonly launcher: WorkerLauncher;
  readonly onMessage: (message: WorkerMessage) => void;
  /** Lines of the error output, for the log. */
  readonly onErrorOutput?: (text: string) => void;
}

export declare function startWorker(options: WorkerOptions): WorkerHandle;

export interface NodeLauncherOptions {
  /** The script to run. */
  readonly entryPath: string;
  readonly nodePath?: string;
  readonly nodeArguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
/** Launches workers as child Node processes with an IPC channel. */
export declare function nodeLauncher(options: NodeLauncherOptions): WorkerLauncher;

/** The worker's end of the channel. */
export interface HostChannel {
  send(message: WorkerMessage): void;
}
/** Connects the worker process to its host; when the channel closes the process exits, so that no orphan stays. */
export declare function connectToHost(onRequest: (request: WorkerRequest) => void): HostChannel;
