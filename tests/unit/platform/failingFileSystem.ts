import { type FileSystem, nodeFileSystem } from '../../../src-main/platform/fileSystem.ts';

export interface FailurePlan {
  /** The call that fails, from 1. */
  readonly at: number;
  readonly code: string;
  /** Every later call fails too, as after the machine's death. */
  readonly forGood: boolean;
}

/** The real file system, but the `at`-th call fails; `fired` tells whether it came to that. */
export function failingFileSystem(plan: FailurePlan): { fileSystem: FileSystem; fired(): boolean } {
  let calls = 0;
  function attempt<Result>(work: () => Result): Result {
    calls++;
    if (calls === plan.at || (plan.forGood && calls > plan.at)) {
      throw Object.assign(new Error(`${plan.code}: planned failure at call ${calls}`), { code: plan.code });
    }
    return work();
  }
  const real = nodeFileSystem;
  return {
    fired: () => calls >= plan.at,
    fileSystem: {
      open: (path, mode) => attempt(() => real.open(path, mode)),
      read: (descriptor, target, position) => attempt(() => real.read(descriptor, target, position)),
      // Half a write, then the failure of the next call: a torn file unless the writer is careful.
      write: (descriptor, bytes) =>
        attempt(() => real.write(descriptor, bytes.subarray(0, Math.ceil(bytes.byteLength / 2)))),
      sync: (descriptor) => attempt(() => real.sync(descriptor)),
      close: (descriptor) => attempt(() => real.close(descriptor)),
      sizeOf: (descriptor) => attempt(() => real.sizeOf(descriptor)),
      rename: (from, to) => attempt(() => real.rename(from, to)),
      remove: (path) => attempt(() => real.remove(path)),
      makeFolder: (path) => attempt(() => real.makeFolder(path)),
      syncFolder: (path) => attempt(() => real.syncFolder(path)),
      list: (path) => attempt(() => real.list(path)),
      status: (path) => attempt(() => real.status(path)),
    },
  };
}
