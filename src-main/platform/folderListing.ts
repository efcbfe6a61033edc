import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FolderListing } from '../contract/system.ts';
import { withFileErrors } from './fileErrors.ts';
import { resolveOutsidePath } from './paths.ts';

type Entry = FolderListing['entries'][number];

function describeEntry(folder: string, name: string): Entry[] {
  const path = join(folder, name);
  try {
    const found = statSync(path);
    if (found.isDirectory()) return [{ name, path, kind: 'folder', sizeBytes: 0 }];
    return found.isFile() ? [{ name, path, kind: 'file', sizeBytes: found.size }] : [];
  } catch {
    // A broken link, or something this person may not look at: not choosable, so not listed.
    return [];
  }
}

/** What the file chooser shows of a folder, the person's home without a path: folders first, hidden names left out. */
export function listFolder(path?: string, places: FolderListing['places'] = []): FolderListing {
  const folder = resolveOutsidePath(path ?? homedir(), { kind: 'folder' });
  const names = withFileErrors(folder, () => readdirSync(folder));
  const entries = names
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => describeEntry(folder, name));
  const order = new Intl.Collator(undefined, { numeric: true });
  entries.sort((left, right) =>
    left.kind === right.kind ? order.compare(left.name, right.name) : left.kind === 'folder' ? -1 : 1,
  );
  const parent = dirname(folder);
  return { path: folder, parent: parent === folder ? null : parent, entries, places: [...places] };
}
