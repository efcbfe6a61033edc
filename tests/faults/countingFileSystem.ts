import type { FileSystem } from '../../src-main/platform/fileSystem.ts';

/** The same file system, telling of each operation that changes the disk before it is done. */
export function countingFileSystem(inner: FileSystem, onChange: (operation: string) => void): FileSystem {
  const told = <Arguments extends unknown[], Result>(
    operation: string,
    act: (...values: Arguments) => Result,
  ) => {
    return (...values: Arguments): Result => {
      onChange(operation);
      return act(...values);
    };
  };
  return {
    ...inner,
    open(path, mode) {
      if (mode !== 'read') onChange('open');
      return inner.open(path, mode);
    },
    write: told('write', inner.write),
    sync: told('sync', inner.sync),
    rename: told('rename', inner.rename),
    remove: told('remove', inner.remove),
    makeFolder: told('makeFolder', inner.makeFolder),
    syncFolder: told('syncFolder', inner.syncFolder),
  };
}
