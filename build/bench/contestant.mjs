/** One measured program as a child process that works only when it is its turn. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** @typedef {Record<string, unknown>} Message */

export class Contestant {
  /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */
  #child;
  /** @type {AsyncIterator<string>} */
  #lines;
  #errors = '';

  /**
   * @param {string} command @param {string[]} programArguments
   * @param {Record<string, string | undefined>} environment
   */
  constructor(command, programArguments, environment) {
    this.#child = spawn(command, programArguments, { env: environment, stdio: 'pipe' });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    this.#child.on('error', (error) => (this.#errors += error.message));
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * The next JSON line it prints.
   * @returns {Promise<Message>}
   */
  async next() {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(this.#lastError());
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }

  /** Gives it a turn and waits for what came of it. @param {string | number} turn */
  async take(turn) {
    this.#child.stdin.write(`${turn}\n`);
    return this.next();
  }

  /** Ends it and waits until its memory is free. */
  async end() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
  }

  #lastError() {
    const { exitCode, signalCode } = this.#child;
    const lines = this.#errors.trim().split('\n');
    const telling = lines.findLast((line) => /^\s*(\w*Error|\[.*Error.*\]|.*Exception)/.test(line));
    const text = (telling ?? lines.at(-1) ?? '').trim();
    return text || `it ended with ${signalCode ?? exitCode}`;
  }
}
