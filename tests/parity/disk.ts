import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MemoryFiles } from '../unit/engine/memoryFiles.ts';

/** Writes everything there is in memory below a folder. */
export function writeToDisk(files: MemoryFiles, folder: string): void {
  for (const [path, bytes] of files.contents) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
