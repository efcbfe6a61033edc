import { type ChildProcess, spawn } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { type FromHost, type ToHost, readFromHost } from './envelope.ts';

/** The process with the workbench's services; main only passes messages to it. */
export interface HostProcess {
  send(message: ToHost): void;
  /** Asks it to end cleanly; calls back when it is gone. */
  end(whenGone: () => void): void;
}

export interface HostProcessOptions {
  /** The folder of the program. */
  readonly applicationFolder: string;
  readonly onMessage: (message: FromHost) => void;
  readonly onExit: (code: number | null, lastOutput: string) => void;
}

/**
 * The Node that runs the host. Not Electron's own: libtensorflow hands its memory to JavaScript as external buffers,
 * which Electron's memory cage forbids, and the shell may be older than the host needs.
 */
function hostNodePath(applicationFolder: string): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return process.env['TUNEBENCH_NODE'] || join(applicationFolder, 'node_modules', 'node', 'bin', name);
}

const keptCharacters = 4000;

/** Starts the host under Node 24. */
export function startHostProcess(options: HostProcessOptions): HostProcess {
  const { applicationFolder, onMessage, onExit } = options;
  const nodePath = hostNodePath(applicationFolder);
  const entry = join(applicationFolder, 'src-main', 'hosts', 'electron', 'host.ts');
  const child: ChildProcess = spawn(nodePath, [entry], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    windowsHide: true,
  });
  let errorOutput = '';
  let gone = false;
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-keptCharacters);
    process.stderr.write(text);
  });
  child.on('message', (raw) => {
    const message = readFromHost(raw);
    if (message !== undefined) onMessage(message);
  });
  const tell = (code: number | null) => {
    if (gone) return;
    gone = true;
    onExit(code, errorOutput.trim());
  };
  child.on('error', (error) => {
    errorOutput += error.message;
    if (child.pid === undefined) tell(null);
  });
  child.on('close', tell);
  return {
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    end(whenGone) {
      if (gone) return whenGone();
      child.on('close', whenGone);
      this.send({ kind: 'end' });
    },
  };
}

/** Whether the host can be started at all. */
export function findHostNode(applicationFolder: string): { path: string; found: boolean } {
  const path = hostNodePath(applicationFolder);
  return { path, found: existsSync(path) };
}
