import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { systemErrorCode, withFileErrors } from './fileErrors.ts';

/** Processor cores this process may use. */
export function processorCores(): number {
  return availableParallelism();
}

/** Memory this process may use: the machine's, or its container's limit where that is lower. */
export function usableMemoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Space left for this person on the disk of `path`, which need not exist yet. */
export function freeDiskBytes(path: string): number {
  const absolute = resolve(path);
  try {
    const disk = statfsSync(absolute);
    return disk.bavail * disk.bsize;
  } catch (error) {
    const parent = dirname(absolute);
    if (systemErrorCode(error) === 'ENOENT' && parent !== absolute) return freeDiskBytes(parent);
    return withFileErrors(absolute, () => {
      throw error;
    });
  }
}

/** Largest resident memory a process has had so far, this one by default; undefined where the system does not say. */
export function peakMemoryBytes(processId: number = process.pid): number | undefined {
  if (process.platform === 'linux') {
    try {
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1];
      if (kilobytes !== undefined) return Number(kilobytes) * 1024;
    } catch {
      // The process has ended, or /proc is not mounted.
    }
  }
  return processId === process.pid ? process.resourceUsage().maxRSS * 1024 : undefined;
}
