import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../unit/engine/testBackend.ts';

/** A server host as `npm run tunebench -- serve` starts it, without a window. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process is gone, in whatever way. */
  readonly exited: Promise<unknown>;
  /** Its training processes, of which one may be about to end. */
  workers(): number[];
  kill(): void;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

const program = path.join(projectRoot, 'src-main', 'hosts', 'server', 'main.ts');

/** @param environment added to this process's; `TUNEBENCH_HOME` is the data folder */
export async function startServerProcess(
  home: string,
  environment: Record<string, string>,
): Promise<ServerProcess> {
  const child: ChildProcess = spawn(process.execPath, [program, '--port', '0', '--json'], {
    cwd: projectRoot,
    env: { ...process.env, ...environment, TUNEBENCH_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const { pid, stdout } = child;
  if (pid === undefined || stdout === null) throw new Error('The host could not be started.');
  for await (const line of createInterface({ input: stdout })) {
    const message: unknown = JSON.parse(line);
    if (typeof message !== 'object' || message === null || !('url' in message)) continue;
    return {
      url: String(message.url),
      pid,
      exited,
      workers: () => {
        const list = `/proc/${pid}/task/${pid}/children`;
        return existsSync(list)
          ? readFileSync(list, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number)
          : [];
      },
      kill: () => void child.kill('SIGKILL'),
      async stop() {
        child.kill('SIGTERM');
        await exited;
      },
    };
  }
  throw new Error(`The host ended with ${child.exitCode ?? child.signalCode} before it listened.`);
}

/** Resolves when a process that is nobody's child here is gone. */
export async function untilGone(pid: number): Promise<void> {
  const isThere = () =>
    existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  while (isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
}
