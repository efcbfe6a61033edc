// Where the tokens of a text stand in it. The tokenizer's library gives tokens without their places, so a text is cut at
// white space, where every tokenizer cuts it, and the pieces of each part are laid over it by their lengths.

/** A token and where it stands in its text, `[start, end)` in UTF-16 units. */
export interface PlacedToken {
  readonly token: string;
  readonly start: number;
  readonly end: number;
}

/** How a tokenizer marks pieces. */
export interface PieceStyle {
  /** Each character of a piece stands for one byte. */
  readonly isByteLevel: boolean;
  /** What pieces begin with that go on within a word, such as `##`. */
  readonly continuation: string;
}

const encoder = new TextEncoder();

/** Forms in which a tokenizer may keep a character before it cuts: as it is, composed, or without its accents. */
const forms: readonly ((character: string) => string)[] = [
  (character) => character,
  (character) => character.normalize('NFKC'),
  (character) => character.normalize('NFD').replaceAll(/\p{Mn}/gu, ''),
];

/** Units of each character of a word, in UTF-16 and as a tokenizer counts it. */
interface Ruler {
  readonly widths: readonly number[];
  readonly counts: readonly number[];
}

function rulersOf(word: string, { isByteLevel }: PieceStyle): Ruler[] {
  const characters = [...word];
  const widths = characters.map((character) => character.length);
  if (isByteLevel)
    return [{ widths, counts: characters.map((character) => encoder.encode(character).length) }];
  return forms.map((form) => ({ widths, counts: characters.map((character) => form(character).length) }));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Units of a piece that stand for the text itself: neither the mark of a word's beginning nor that of its going on. */
function lengthOf(piece: string, { isByteLevel, continuation }: PieceStyle): number {
  // White space before a word is part of its first pieces.
  if (isByteLevel) return piece.replace(/^[ĠĊĉč]+/, '').length;
  const text =
    continuation !== '' && piece.startsWith(continuation) ? piece.slice(continuation.length) : piece;
  return text.replaceAll('▁', '').length;
}

/** Where in a word a number of counted units is reached: before the character they end in, or behind it. */
function placeOf(units: number, { widths, counts }: Ruler, isEnd: boolean): number {
  let counted = 0;
  let place = 0;
  for (const [index, count] of counts.entries()) {
    if (counted >= units) break;
    if (!isEnd && counted + count > units) break;
    counted += count;
    place += widths[index] ?? 0;
  }
  return place;
}

/**
 * Lays the pieces of one word over it. Where their lengths do not add up to the word's, which an unknown token brings
 * about, each of them covers the whole word.
 */
function placePieces(
  word: string,
  start: number,
  pieces: readonly string[],
  style: PieceStyle,
): PlacedToken[] {
  const lengths = pieces.map((piece) => lengthOf(piece, style));
  const ruler = rulersOf(word, style).find(({ counts }) => total(counts) === total(lengths));
  if (ruler === undefined) return pieces.map((token) => ({ token, start, end: start + word.length }));
  let units = 0;
  return pieces.map((token, index) => {
    const from = placeOf(units, ruler, false);
    units += lengths[index] ?? 0;
    return { token, start: start + from, end: start + placeOf(units, ruler, true) };
  });
}

/** @param tokenize the pieces of a part of the text, special tokens left out */
export function placeTokens(
  text: string,
  tokenize: (part: string) => readonly string[],
  style: PieceStyle,
): PlacedToken[] {
  const placed: PlacedToken[] = [];
  for (const { 0: part, 1: space = '', index } of text.matchAll(/(\s*)\S+/gu)) {
    const start = index + space.length;
    placed.push(...placePieces(part.slice(space.length), start, tokenize(part), style));
  }
  return placed;
}
