import { readFileSync } from 'node:fs';

/** How many processes the system has ended so far for want of memory; undefined where it does not say. */
export function countMemoryKills(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
