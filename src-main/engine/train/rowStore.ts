import type { HostValues } from '../backend/backend.ts';
import type { ScratchFile } from '../files.ts';

/** Keeps arrays of 16-bit or 32-bit numbers under a number each. */
export interface RowStore {
  has(key: number): boolean;
  put(key: number, values: HostValues): void;
  /** What was put under the key. */
  get(key: number): HostValues;
  /** Forgets everything. */
  clear(): void;
  /** Forgets everything and lets go of what the store was kept in. */
  dispose(): void;
}

function missing(key: number): never {
  throw new Error(`Nothing is stored under ${key}.`);
}

export function createMemoryStore(): RowStore {
  const rows = new Map<number, HostValues>();
  return {
    has: (key) => rows.has(key),
    put: (key, values) => void rows.set(key, values),
    get: (key) => rows.get(key) ?? missing(key),
    clear: () => rows.clear(),
    dispose: () => rows.clear(),
  };
}

interface Place {
  readonly offset: number;
  readonly length: number;
  readonly isHalf: boolean;
}

/** A store in a file that nobody else reads and that is gone with the store. */
export function createFileStore(open: () => ScratchFile): RowStore {
  let file: ScratchFile | null = null;
  const places = new Map<number, Place>();
  const clear = () => {
    file?.remove();
    file = null;
    places.clear();
  };
  return {
    has: (key) => places.has(key),
    put(key, values) {
      file ??= open();
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const isHalf = values instanceof Uint16Array;
      places.set(key, { offset: file.append(bytes), length: values.byteLength, isHalf });
    },
    get(key) {
      const { offset, length, isHalf } = places.get(key) ?? missing(key);
      const bytes = (file ?? missing(key)).read(offset, length).slice();
      return isHalf ? new Uint16Array(bytes.buffer) : new Float32Array(bytes.buffer);
    },
    clear,
    dispose: clear,
  };
}
