/** GPT-2's byte-level pre-tokenisation (https://github.com/openai/gpt-2): words keep the space before them. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** One printable character for each byte, as every byte-level tokenizer.json expects. */
function byteCharacters(): string[] {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}

export interface Bpe {
  /** Symbols in id order: the 256 bytes, then one for each merge. */
  readonly symbols: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

interface Word {
  symbols: string[];
  readonly count: number;
}

function countWords(lines: Iterable<string>): Word[] {
  const characters = byteCharacters();
  const encoder = new TextEncoder();
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const word of line.match(WORDS) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => ({
    symbols: [...encoder.encode(word)].map((byte) => characters[byte] ?? ''),
    count,
  }));
}

const SEPARATOR = ' ';

class PairCounts {
  private readonly counts = new Map<string, number>();
  private readonly words = new Map<string, Set<Word>>();

  add(word: Word, sign: 1 | -1): void {
    for (let index = 1; index < word.symbols.length; index++) {
      const pair = `${word.symbols[index - 1]}${SEPARATOR}${word.symbols[index]}`;
      this.counts.set(pair, (this.counts.get(pair) ?? 0) + sign * word.count);
      if (sign === 1) {
        const users = this.words.get(pair) ?? new Set<Word>();
        this.words.set(pair, users.add(word));
      }
    }
  }

  /** The most frequent pair; of equals the one that sorts first, so that training is reproducible. */
  best(): { left: string; right: string; words: readonly Word[] } | null {
    let best = '';
    let bestCount = 1;
    for (const [pair, count] of this.counts) {
      if (count > bestCount || (count === bestCount && count > 1 && pair < best)) {
        best = pair;
        bestCount = count;
      }
    }
    const [left, right] = best.split(SEPARATOR);
    if (left === undefined || right === undefined) return null;
    return { left, right, words: [...(this.words.get(best) ?? [])] };
  }

  forget(left: string, right: string): void {
    this.counts.delete(`${left}${SEPARATOR}${right}`);
    this.words.delete(`${left}${SEPARATOR}${right}`);
  }
}

function mergePair(symbols: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let index = 0; index < symbols.length; index++) {
    const symbol = symbols[index] ?? '';
    if (symbol === left && symbols[index + 1] === right) {
      merged.push(left + right);
      index++;
    } else merged.push(symbol);
  }
  return merged;
}

/** Learns byte-pair merges (https://arxiv.org/abs/1508.07909) until there are `size` symbols or no pair repeats. */
export function trainByteLevelBpe(lines: Iterable<string>, size: number): Bpe {
  const pairs = new PairCounts();
  for (const word of countWords(lines)) pairs.add(word, 1);
  const symbols = byteCharacters();
  const merges: [string, string][] = [];
  while (symbols.length < size) {
    const best = pairs.best();
    if (best === null) break;
    const { left, right } = best;
    for (const word of best.words) {
      pairs.add(word, -1);
      word.symbols = mergePair(word.symbols, left, right);
      pairs.add(word, 1);
    }
    pairs.forget(left, right);
    merges.push([left, right]);
    symbols.push(left + right);
  }
  return { symbols, merges };
}
