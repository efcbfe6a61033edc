import type { Split } from '../../../src-main/contract/datasets.ts';
import type { FileSource } from '../../../src-main/datasets/source.ts';
import { decompress } from '../../../src-main/platform/compression.ts';

/** A file in memory, handed over in chunks of `chunkBytes`. */
export function fileOf(
  name: string,
  content: string | Uint8Array,
  { chunkBytes = 1 << 16, split }: { chunkBytes?: number; split?: Split } = {},
): FileSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    kind: 'file',
    name,
    ...(split === undefined ? {} : { split }),
    async *open() {
      for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
        yield bytes.subarray(start, start + chunkBytes);
      }
    },
    openBytes: () => ({
      sizeBytes: bytes.byteLength,
      read(offset, length) {
        if (offset + length > bytes.byteLength) throw new Error('read beyond the end');
        return bytes.subarray(offset, offset + length);
      },
      close: () => undefined,
    }),
    decompress,
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** UTF-16 with the byte order asked for, without a mark. */
export function toUtf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
}

/** "한국어" and friends in EUC-KR, for which Node has no encoder. */
export const koreanInEucKr: Readonly<Record<string, readonly number[]>> = {
  질문: [0xc1, 0xfa, 0xb9, 0xae],
  답변: [0xb4, 0xe4, 0xba, 0xaf],
  안녕: [0xbe, 0xc8, 0xb3, 0xe7],
  반가워: [0xb9, 0xdd, 0xb0, 0xa1, 0xbf, 0xf6],
};

export function toEucKr(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let rest = text; rest !== '';) {
    const word = Object.keys(koreanInEucKr).find((known) => rest.startsWith(known));
    bytes.push(...(word === undefined ? [rest.charCodeAt(0)] : (koreanInEucKr[word] ?? [])));
    rest = rest.slice(word?.length ?? 1);
  }
  return Uint8Array.from(bytes);
}
