import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Store, openStore } from '../../src-main/store/store.ts';

/** A fresh folder for one test, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunebench-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryStore(): Store {
  const store = openStore(join(temporaryFolder(), 'tunebench.sqlite'));
  onTestFinished(() => store.close());
  return store;
}
