import { type Encoding, detectEncoding } from '../encoding.ts';
import type { FileSource } from '../source.ts';
import { readTextBlocks } from '../textBlocks.ts';
import type { Layout } from './codec.ts';

/** A line without its end; without text where it was too long. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly text?: undefined };

/** The lines of a text file, numbered from 1, in constant memory. */
export async function* readLines(source: FileSource, encoding: Encoding): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const { bytes, firstLine, tooLong: longLines } of readTextBlocks(source, encoding)) {
    const tooLong = new Set(longLines);
    let number = firstLine;
    let start = 0;
    while (start < bytes.byteLength || tooLong.has(number)) {
      const found = bytes.indexOf(0x0a, start);
      const end = found < 0 ? bytes.byteLength : found;
      if (tooLong.has(number)) yield { number };
      else {
        const stop = end > start && bytes[end - 1] === 0x0d ? end - 1 : end;
        yield { number, text: decoder.decode(bytes.subarray(start, stop)) };
      }
      start = end + 1;
      number++;
    }
  }
}

/** The encoding a text file is read with. */
export async function encodingOf(source: FileSource, given: Encoding | undefined): Promise<Encoding> {
  return given ?? (await detectEncoding(source));
}

/** The encoding a layout names; UTF-8 where it names none. */
export function encodingIn(layout: Layout): Encoding {
  return layout.encoding ?? 'utf-8';
}
