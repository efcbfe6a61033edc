import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';

const unpackers = { gzip: gunzipSync, zstd: zstdDecompressSync, brotli: brotliDecompressSync };

/** Undoes a compression in memory; throws when it is damaged or more than `maximumBytes` come out. */
export function decompress(
  compression: keyof typeof unpackers,
  bytes: Uint8Array,
  maximumBytes: number,
): Uint8Array {
  return unpackers[compression](bytes, { maxOutputLength: Math.max(1, maximumBytes) });
}
