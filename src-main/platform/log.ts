import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Log {
  write(
    level: 'info' | 'warning' | 'error',
    event: string,
    details?: Readonly<Record<string, unknown>>,
  ): void;
}

/**
 * A log of JSON lines in `folder/tunebench.log`. When a file reaches `maximumBytes` it becomes `tunebench.1.log`, that
 * one `tunebench.2.log`, up to `keptFiles`. Logging never throws: a full disk must not stop what is being logged.
 */
export function openLog(folder: string, { maximumBytes = 4_000_000, keptFiles = 3 } = {}): Log {
  const path = join(folder, 'tunebench.log');
  const older = (age: number) => (age === 0 ? path : join(folder, `tunebench.${age}.log`));
  let sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;

  function rotate(): void {
    rmSync(older(keptFiles), { force: true });
    for (let age = keptFiles - 1; age >= 0; age--) {
      if (statSync(older(age), { throwIfNoEntry: false })) renameSync(older(age), older(age + 1));
    }
    sizeBytes = 0;
  }

  return {
    write(level, event, details = {}) {
      try {
        const line = Buffer.from(
          `${JSON.stringify({ at: new Date().toISOString(), level, event, ...details })}\n`,
        );
        if (sizeBytes > 0 && sizeBytes + line.byteLength > maximumBytes) rotate();
        mkdirSync(folder, { recursive: true });
        appendFileSync(path, line);
        sizeBytes += line.byteLength;
      } catch {
        // See above.
      }
    },
  };
}
