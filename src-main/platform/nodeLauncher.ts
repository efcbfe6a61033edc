import { type ChildProcess, spawn } from 'node:child_process';
import type { WorkerLauncher } from './childProcess.ts';

export interface NodeLauncherOptions {
  /** The script to run. */
  readonly entryPath: string;
  readonly nodePath?: string;
  readonly nodeArguments?: readonly string[];
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Calls back once the process has ended or could not be started at all. */
function watchExit(
  child: ChildProcess,
  listener: (code: number | null, signal: string | null) => void,
): void {
  let told = false;
  const tell = (code: number | null, signal: string | null) => {
    if (told) return;
    told = true;
    listener(code, signal);
  };
  // `close` comes after the channel and the outputs are drained, `exit` may come before the last message.
  child.on('close', tell);
  child.on('error', () => {
    if (child.pid === undefined) tell(null, null);
  });
}

/**
 * Launches workers as child Node processes. Messages go over Node's IPC channel, which native libraries printing to
 * the standard output cannot disturb.
 */
export function nodeLauncher(options: NodeLauncherOptions): WorkerLauncher {
  return () => {
    const child = spawn(
      options.nodePath ?? process.execPath,
      [...(options.nodeArguments ?? []), options.entryPath],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, ...options.environment },
        windowsHide: true,
      },
    );
    return {
      pid: child.pid,
      post(message) {
        // A failed send means the process is going down; its exit is what gets reported.
        if (child.connected) child.send(message, () => undefined);
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onErrorOutput(listener) {
        child.on('error', (error) => listener(`${error.message}\n`));
        for (const stream of [child.stdout, child.stderr]) {
          stream?.setEncoding('utf8');
          stream?.on('data', (text: string) => listener(text));
        }
      },
      onExit: (listener) => watchExit(child, listener),
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
}
