import type { FolderListing } from '../../../src-main/contract/system.ts';

type Entry = FolderListing['entries'][number];

/** Folders first, then the files that may be chosen; hidden ones left out, names in natural order. */
export function choosableEntries(
  entries: readonly Entry[],
  kind: 'file' | 'folder',
  endings?: readonly string[],
): Entry[] {
  const order = new Intl.Collator(undefined, { numeric: true });
  const mayChoose = (entry: Entry): boolean => {
    if (entry.name.startsWith('.')) return false;
    if (entry.kind === 'folder') return true;
    if (kind === 'folder') return false;
    return endings === undefined || endings.some((ending) => entry.name.toLowerCase().endsWith(ending));
  };
  return entries
    .filter(mayChoose)
    .sort((first, second) =>
      first.kind === second.kind ? order.compare(first.name, second.name) : first.kind === 'folder' ? -1 : 1,
    );
}
