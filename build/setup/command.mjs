/** Running programs: argument arrays only, output captured, ended together with set-up. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Ends every program still running. */
export function stopCommands() {
  for (const child of running) child.kill('SIGTERM');
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
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, timeoutMs?: number, shell?: boolean, abort?: AbortSignal }} [options]
 * @returns {Promise<{ ok: boolean, code: number | null, signal: string | null, stdout: string, output: string, timedOut: boolean }>}
 */
export function run(command, commandArguments, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      signal: options.abort,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let stdout = '';
    let output = '';
    let timedOut = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGKILL');
        }, options.timeoutMs)
      : undefined;
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    /** @param {number | null} code @param {string | null} signal */
    const finish = (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
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
