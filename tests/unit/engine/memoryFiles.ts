import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSink, ByteSource, EngineFiles, ScratchFile } from '../../../src-main/engine/files.ts';

/** A file's bytes as the engine reads them. */
export function sourceOf(bytes: Uint8Array): ByteSource & { readonly isClosed: () => boolean } {
  let closed = false;
  return {
    sizeBytes: bytes.length,
    read(offset, length) {
      if (offset < 0 || offset + length > bytes.length)
        throw new Error(`Read outside: ${offset} + ${length}`);
      return bytes.slice(offset, offset + length);
    },
    close() {
      closed = true;
    },
    isClosed: () => closed,
  };
}

/** Collects what is written. */
export function collector(): ByteSink & { bytes(): Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    write: (bytes) => void parts.push(bytes.slice()),
    bytes: () => new Uint8Array(Buffer.concat(parts)),
  };
}

/** The engine's file system in memory; `load` copies a real folder in. */
export class MemoryFiles implements EngineFiles {
  readonly contents = new Map<string, Uint8Array>();

  load(folder: string, as: string): this {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isFile())
        this.contents.set(`${as}/${entry.name}`, new Uint8Array(readFileSync(join(folder, entry.name))));
    }
    return this;
  }

  put(path: string, content: string | Uint8Array): this {
    this.contents.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    return this;
  }

  join(...parts: string[]): string {
    return parts.join('/');
  }

  exists(path: string): boolean {
    return this.contents.has(path) || [...this.contents.keys()].some((key) => key.startsWith(`${path}/`));
  }

  list(folder: string): string[] {
    const names = [...this.contents.keys()].filter((key) => key.startsWith(`${folder}/`));
    return [...new Set(names.map((key) => key.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
  }

  open(path: string): ByteSource {
    return sourceOf(this.bytes(path));
  }

  readText(path: string): string {
    return new TextDecoder().decode(this.bytes(path));
  }

  readLines(path: string): Iterable<string> {
    return this.readText(path).split('\n');
  }

  writeFolder(target: string, write: (file: (name: string) => ByteSink) => void): number {
    const made = new Map<string, ReturnType<typeof collector>>();
    write((name) => {
      const sink = collector();
      made.set(name, sink);
      return sink;
    });
    let size = 0;
    for (const [name, sink] of made) {
      this.contents.set(`${target}/${name}`, sink.bytes());
      size += sink.bytes().length;
    }
    return size;
  }

  verifyFolder(folder: string): boolean {
    return this.list(folder).length > 0;
  }

  removeFolder(folder: string): void {
    for (const key of this.contents.keys()) if (key.startsWith(`${folder}/`)) this.contents.delete(key);
  }

  freeBytes(): number {
    return Infinity;
  }

  createScratch(path: string): ScratchFile {
    let held = new Uint8Array();
    this.contents.set(path, held);
    return {
      append: (bytes) => {
        const offset = held.length;
        held = new Uint8Array(Buffer.concat([held, bytes]));
        this.contents.set(path, held);
        return offset;
      },
      read: (offset, length) => sourceOf(held).read(offset, length),
      remove: () => void this.contents.delete(path),
    };
  }

  private bytes(path: string): Uint8Array {
    const bytes = this.contents.get(path);
    if (bytes === undefined) throw new Error(`There is no file ${path}.`);
    return bytes;
  }
}
