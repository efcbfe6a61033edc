/** Running programs: argument arrays only, output captured, ended together with set-up. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './messages.mjs';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

const ownGroups = process.platform !== 'win32';

/**
 * Ends a program together with those it started: `python3` may be a script that runs the real one.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function stop(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (ownGroups) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It ended by itself in this moment.
  }
}

let stopped = false;

/** Ends every program still running; none starts after that, and what waits for one fails as interrupted. */
export function stopCommands() {
  stopped = true;
  for (const child of running) stop(child, 'SIGTERM');
}

/**
 * The first of the named programs on PATH, or null; nothing is run.
 * @param {string[]} names
 * @param {Record<string, string | undefined>} [env]
 * @param {string} [platform]
 * @returns {string | null}
 */
export function findExecutable(names, env = process.env, platform = process.platform) {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const name of names) {
    if (/[\\/]/.test(name) && isExecutable(name)) return name;
    for (const folder of folders) {
      for (const ending of endings) {
        const candidate = join(folder, name + ending);
        if (isExecutable(candidate)) return candidate;
      }
    }
  }
  return null;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end and keeps what it printed.
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, timeoutMs?: number, shell?: boolean, abort?: AbortSignal, onOutput?: (text: string) => void }} [options]
 * @returns {Promise<{ ok: boolean, code: number | null, signal: string | null, stdout: string, output: string, timedOut: boolean }>}
 */
export function run(command, commandArguments, options = {}) {
  return new Promise((resolve, reject) => {
    if (stopped) return reject(new SetupError('interrupted'));
    const child = spawn(command, commandArguments, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      detached: ownGroups,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let stdout = '';
    let output = '';
    let timedOut = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          stop(child, 'SIGKILL');
        }, options.timeoutMs)
      : undefined;
    options.abort?.addEventListener('abort', () => stop(child, 'SIGKILL'), { once: true });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
      options.onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
      options.onOutput?.(text);
    });
    /** @param {number | null} code @param {string | null} signal */
    const finish = (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      if (stopped) return reject(new SetupError('interrupted'));
      if (timedOut) output += `\n${command} did not finish within ${options.timeoutMs} ms (ETIMEDOUT)`;
      resolve({ ok: code === 0, code, signal, stdout, output, timedOut });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(null, null);
    });
    child.on('close', finish);
  });
}
