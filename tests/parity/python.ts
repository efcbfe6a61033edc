import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A Python with torch, transformers, peft and safetensors; tests that need one are left out where it is not named. */
export const python = process.env['TUNEBENCH_PYTHON'] || undefined;

/** A Python with torch and the adapters library, which needs an older transformers than the other. */
export const adaptersPython = process.env['TUNEBENCH_ADAPTERS_PYTHON'] || undefined;

/** Continuous integration must not leave them out. */
export const pythonIsRequired = process.env['CI'] === 'true';

/** Runs a program of tests/reference to its end. */
export function runReference(program: string, ...parameters: string[]): void {
  const own = program.startsWith('adapter_hub/') ? adaptersPython : python;
  if (own === undefined) {
    throw new Error('TUNEBENCH_PYTHON and TUNEBENCH_ADAPTERS_PYTHON must name Pythons with the references.');
  }
  const script = join(import.meta.dirname, '..', 'reference', program);
  const { status, stderr } = spawnSync(own, ['-W', 'ignore', script, ...parameters], {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1' },
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stderr.slice(-3000)}`);
}
