import type { DatasetSource } from '../../datasets/index.ts';
import {
  decompress,
  filesBelow,
  nodeFileSystem,
  openByteSource,
  pathBelow,
  readChunks,
  resolveOutsidePath,
} from '../../platform/index.ts';

/** A file or folder on this machine as the dataset codecs read it. */
export function openSource(path: string, split?: DatasetSource['split']): DatasetSource {
  const realPath = resolveOutsidePath(path);
  const name = path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
  const known = { name, ...(split === undefined ? {} : { split }) };
  if (nodeFileSystem.status(realPath)?.kind === 'folder') {
    return {
      ...known,
      kind: 'folder',
      files: () =>
        filesBelow(realPath).map((file) => ({
          ...file,
          open: () => readChunks(pathBelow(realPath, file.name)),
        })),
    };
  }
  resolveOutsidePath(path, { kind: 'file' });
  return {
    ...known,
    kind: 'file',
    open: () => readChunks(realPath),
    openBytes: () => openByteSource(realPath),
    decompress,
  };
}
