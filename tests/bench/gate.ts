import { readSync, writeSync } from 'node:fs';

/**
 * How the bench steers a measured program: one line in says what to do next, one JSON line out says what came of it.
 * Reading blocks the whole process, so that a contestant whose turn it is not takes no processor time.
 */
export type Turn = { readonly kind: 'steps'; readonly count: number } | { readonly kind: 'finish' };

let held = '';

function readLine(): string | null {
  const bytes = Buffer.alloc(256);
  for (;;) {
    const end = held.indexOf('\n');
    if (end >= 0) {
      const line = held.slice(0, end);
      held = held.slice(end + 1);
      return line;
    }
    const length = readSync(0, bytes);
    if (length === 0) return null;
    held += bytes.toString('utf8', 0, length);
  }
}

/** Waits for the next turn; ends the process when there is none. */
export function waitForTurn(): Turn {
  const line = readLine();
  if (line === null) process.exit(0);
  return line === 'finish' ? { kind: 'finish' } : { kind: 'steps', count: Number(line) };
}

export function report(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
