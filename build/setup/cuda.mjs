/** Whether the CUDA build is fetched. It is offered where a driver answers, and taken only where somebody agrees. */
import { createInterface } from 'node:readline/promises';
import { findExecutable, run } from './command.mjs';
import { message } from './messages.mjs';

/**
 * @param {{ flag: boolean, setting: string | undefined, device: string | null, installed: boolean, interactive: boolean }} known
 *   `flag`: `--cuda` was given; `setting`: TUNEBENCH_CUDA; `device`: the name of the GPU that answers
 * @returns {'use' | 'missingDriver' | 'ask' | 'hint' | 'no'}
 */
export function decideCuda({ flag, setting, device, installed, interactive }) {
  if (setting === '0' && !flag) return 'no';
  const wanted = flag || setting === '1' || installed;
  if (wanted) return device ? 'use' : 'missingDriver';
  if (!device) return 'no';
  return interactive ? 'ask' : 'hint';
}

/**
 * The first device in the answer of `nvidia-smi --query-gpu=name,memory.total --format=csv,noheader`.
 * @param {string} answer
 * @returns {string | null}
 */
export function firstDevice(answer) {
  const line = answer.split('\n').find((candidate) => /,\s*\d+ MiB\s*$/.test(candidate));
  return line ? line.trim().replace(/,\s*/, ', ') : null;
}

/** The GPU that answers, or null. @returns {Promise<string | null>} */
export async function findDevice() {
  const program = findExecutable(['nvidia-smi']);
  if (!program) return null;
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader'];
  const result = await run(program, query, { timeoutMs: 15_000 });
  return result.ok ? firstDevice(result.stdout) : null;
}

/**
 * Asks on the terminal.
 * @param {string} device
 * @param {string} size
 * @returns {Promise<boolean>}
 */
export async function askForCuda(device, size) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(message('cudaOffer', { device, size }));
    return /^(y|yes|예|네)$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
