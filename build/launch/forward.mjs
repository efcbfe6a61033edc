/** Runs the workbench's program in the foreground: this process's terminal, signals and exit code are its own. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * The exit code a shell gives a program that ended so.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 * @returns {number}
 */
export function exitCodeOf(code, signal) {
  if (code !== null) return code;
  return signal ? 128 + constants.signals[signal] : 1;
}

/**
 * Starts a program with this terminal and waits for its end.
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<number>} its exit code
 */
export function runInForeground(command, commandArguments, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { stdio: 'inherit', ...options });
    const handlers = forwarded.map((signal) => {
      // On a terminal Ctrl-C reaches the child by itself; this process only has to outlive it.
      const handler = () => void (signal === 'SIGINT' && process.stdin.isTTY ? 0 : child.kill(signal));
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    const finish = () => handlers.forEach((remove) => remove());
    child.on('error', (error) => {
      finish();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      finish();
      resolve(exitCodeOf(code, signal));
    });
  });
}
