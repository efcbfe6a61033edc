import type { EngineFiles } from '../files.ts';
import { openSafetensors, writeSafetensors } from '../formats/safetensors.ts';

const fileName = 'features.safetensors';
const tensorName = 'features';
const partPrefix = 'part-';

/**
 * Features of texts, kept in a folder under names that stand for the text: a text is read once by a model. Each piece is
 * a safetensors file `features` `[texts, width]` in a folder of its own, with the names in its metadata; a piece that a
 * crash spoiled is left out, and its texts are read again.
 */
export class FeatureCache {
  readonly #files: EngineFiles;
  readonly #folder: string;
  readonly #features = new Map<string, Float32Array>();
  #parts = 0;

  constructor(files: EngineFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
    const parts = files.exists(folder)
      ? files.list(folder).filter((name) => name.startsWith(partPrefix))
      : [];
    for (const name of parts) {
      this.#parts = Math.max(this.#parts, Number(name.slice(partPrefix.length)) + 1);
      const part = files.join(folder, name);
      if (files.verifyFolder(part)) this.#load(files.join(part, fileName));
    }
  }

  has(name: string): boolean {
    return this.#features.has(name);
  }

  get(name: string): Float32Array | undefined {
    return this.#features.get(name);
  }

  /** Keeps features, on disk first. */
  add(entries: readonly (readonly [string, Float32Array])[]): void {
    const width = entries[0]?.[1].length ?? 0;
    if (width === 0) return;
    const values = new Float32Array(entries.length * width);
    entries.forEach(([, feature], row) => values.set(feature, row * width));
    this.#files.writeFolder(this.#files.join(this.#folder, `${partPrefix}${this.#parts++}`), (file) => {
      writeSafetensors(
        file(fileName),
        [
          {
            name: tensorName,
            type: 'F32',
            shape: [entries.length, width],
            bytes: () => new Uint8Array(values.buffer),
          },
        ],
        { names: entries.map(([name]) => name).join(' ') },
      );
    });
    for (const [name, feature] of entries) this.#features.set(name, feature);
  }

  #load(path: string): void {
    const file = openSafetensors(this.#files.open(path), path);
    try {
      const tensor = file.tensors.get(tensorName);
      if (tensor === undefined) return;
      const width = tensor.shape[1] ?? 0;
      const values = new Float32Array(file.read(tensor).slice().buffer);
      (file.metadata['names'] ?? '').split(' ').forEach((name, row) => {
        this.#features.set(name, values.subarray(row * width, (row + 1) * width));
      });
    } finally {
      file.close();
    }
  }
}
