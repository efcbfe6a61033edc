import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type NamedStream, namedStream } from '../../src-main/engine/data/random.ts';
import type { DataRow } from '../../src-main/engine/data/examples.ts';
import type { BenchData } from './plan.ts';

const intentsSchema = z.array(z.object({ text: z.string(), category: z.string() }));

function readIntents(folder: string, split: 'train' | 'test'): DataRow[] {
  const path = join(folder, `banking77-${split}.csv`);
  const rows: unknown = parse(readFileSync(path, 'utf8'), { columns: true });
  return intentsSchema.parse(rows).map(({ text, category }) => ({ split, text, label: category }));
}

/** Every n-th row where only some are wanted: the file is sorted by category. */
function thin(rows: readonly DataRow[], wanted: number): DataRow[] {
  return rows.filter((_, index) => wanted === 0 || (index * wanted) % rows.length < wanted);
}

/** Words of letters only, so that the byte-level tokenizer of random models makes one token of each character. */
function makeWords(random: NamedStream, count: number): string[] {
  let drawn = 0;
  const letter = () => String.fromCharCode(97 + random.integer(drawn++, 26));
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + random.integer(drawn++, 7) }, letter).join(''),
  );
}

/** Text of exactly `length` characters from a small vocabulary. */
function makeText(words: readonly string[], random: NamedStream, at: number, length: number): string {
  let text = '';
  for (let word = 0; text.length < length; word++) {
    text += `${words[random.integer(at + word, words.length)] ?? ''} `;
  }
  return text.slice(0, length);
}

/** A length whose logarithm is normally distributed, as lengths of texts nearly are. */
function drawLength(random: NamedStream, at: number, median: number, spread: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform(at)));
  const normal = radius * Math.cos(2 * Math.PI * random.uniform(at + 1));
  return Math.max(4, Math.round(median * Math.exp(spread * normal)));
}

/** Draws that one row may use. */
const stride = 4096;

function makeRows(data: Exclude<BenchData, { kind: 'banking77' }>, seed: number): DataRow[] {
  const random = namedStream(seed, 'bench rows');
  const words = makeWords(namedStream(seed, 'bench words'), 300);
  return Array.from({ length: data.rows }, (_, index): DataRow => {
    const at = index * stride;
    const text = (length: number) => makeText(words, random, at + 8, length);
    switch (data.kind) {
      case 'texts':
        return { split: 'train', text: text(data.tokens) };
      case 'requests': {
        const label = words[index % data.labels] ?? '';
        return { split: 'train', text: `${label} ${text(drawLength(random, at, 9, 0.5))}`, label };
      }
      case 'instructions': {
        // Medians of 40 and 80 tokens, the longest beyond 512: the shape of instruction data.
        const prompt = text(drawLength(random, at, 40, 0.7));
        return { split: 'train', text: '', prompt, completion: text(drawLength(random, at + 2, 80, 0.9)) };
      }
      default:
        return data satisfies never;
    }
  });
}

/** The rows of a plan, in their order. */
export function rowsOf(data: BenchData, seed: number): DataRow[] {
  if (data.kind !== 'banking77') return makeRows(data, seed);
  const every = data.heldOutEvery ?? Infinity;
  const train = thin(readIntents(data.folder, 'train'), data.trainRows).map((row, index): DataRow =>
    index % every === every - 1 ? { ...row, split: 'validation' } : row,
  );
  return data.withTest ? [...train, ...readIntents(data.folder, 'test')] : train;
}
