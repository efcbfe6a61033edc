/** Progress lines: one line a step, redrawn with the elapsed time on a terminal. */
import { message } from './messages.mjs';

/**
 * @typedef {object} Progress
 * @property {(line: string) => void} line prints a line
 * @property {<T>(title: string, work: () => Promise<T>, detail?: () => string) => Promise<T>} step runs work under a title
 */

/**
 * Prints to a stream. A quiet printer stays silent until something has to be done.
 * @param {NodeJS.WriteStream} stream
 * @returns {Progress}
 */
export function progressOn(stream) {
  const redraws = stream.isTTY === true;
  return {
    line: (line) => void stream.write(`${line}\n`),
    step: async (title, work, detail = () => '') => {
      const startedMs = Date.now();
      const elapsed = () => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
      const state = () => [detail(), elapsed()].filter(Boolean).join(', ');
      const draw = () => stream.write(`\r\u001b[K${title} … ${state()}`);
      if (redraws) draw();
      else stream.write(`${title} …\n`);
      const timer = setInterval(
        () => (redraws ? draw() : stream.write(`  ${title}: ${state()}\n`)),
        redraws ? 500 : 15_000,
      );
      /** @param {'done' | 'failed'} outcome */
      const close = (outcome) => {
        clearInterval(timer);
        const line = `${title}: ${message(outcome)} (${elapsed()})`;
        stream.write(redraws ? `\r\u001b[K${line}\n` : `  ${line}\n`);
      };
      try {
        const result = await work();
        close('done');
        return result;
      } catch (error) {
        close('failed');
        throw error;
      }
    },
  };
}

/**
 * A byte count as people write it.
 * @param {number} bytes
 * @returns {string}
 */
export function formatBytes(bytes) {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
