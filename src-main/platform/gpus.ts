import { execFile } from 'node:child_process';
import { systemErrorCode } from './fileErrors.ts';

export interface GpuProbe {
  readonly gpus: readonly { readonly name: string; readonly memoryBytes: number }[];
  /** Why there are none, or how they were found. */
  readonly reason: string;
}

const timeoutMs = 4000;
const bytesPerMebibyte = 1024 * 1024;

function parseGpus(output: string): GpuProbe['gpus'] {
  return output.split('\n').flatMap((line) => {
    const match = /^(.+?),\s*(\d+)\s*$/.exec(line.trim());
    const name = match?.[1];
    const mebibytes = match?.[2];
    return name === undefined || mebibytes === undefined
      ? []
      : [{ name, memoryBytes: Number(mebibytes) * bytesPerMebibyte }];
  });
}

/** Asks the NVIDIA driver for its devices; never throws, answers within a few seconds. */
export function probeGpus(command = 'nvidia-smi'): Promise<GpuProbe> {
  const flags = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'];
  return new Promise((resolve) => {
    execFile(command, flags, { timeout: timeoutMs, windowsHide: true }, (error, output, errorOutput) => {
      if (error !== null) {
        const reason =
          systemErrorCode(error) === 'ENOENT'
            ? 'No NVIDIA driver is installed (nvidia-smi was not found).'
            : error.killed === true
              ? `nvidia-smi did not answer within ${timeoutMs / 1000} seconds.`
              : `nvidia-smi failed: ${(errorOutput || output || error.message).trim().split('\n')[0]}`;
        resolve({ gpus: [], reason });
        return;
      }
      const gpus = parseGpus(output);
      resolve({
        gpus,
        reason: gpus.length > 0 ? 'Reported by nvidia-smi.' : 'nvidia-smi reports no device.',
      });
    });
  });
}
