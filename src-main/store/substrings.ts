/**
 * Finding any part of a text, of any length, in an FTS5 index: every character is a token together with the one that
 * follows it, so a substring is a phrase of such pairs and a single character is a prefix. FTS5's own `trigram`
 * tokenizer finds nothing shorter than three characters, and many Korean words have two.
 */

/** Stands for every run of characters that an index cannot hold: spaces, line breaks, control characters. */
const gap = '␣';

function normalize(text: string): string {
  // Quotes would end a phrase, and unassigned or lone halves of characters are separators to the tokenizer.
  return text.normalize('NFC').replace(/[\s\p{C}\p{Z}"]+/gu, gap);
}

/** The tokens of a text as the index stores them. */
export function pairTokens(text: string): string {
  const characters = [...normalize(text)];
  let tokens = '';
  for (let index = 0; index < characters.length; index++) {
    tokens += `${characters[index]}${characters[index + 1] ?? gap} `;
  }
  return tokens;
}

/** The FTS5 query for texts that contain this one; undefined where nothing is left to look for. */
export function substringQuery(text: string): string | undefined {
  const characters = [...normalize(text.trim())];
  const only = characters[0];
  if (only === undefined || characters.every((character) => character === gap)) return undefined;
  if (characters.length === 1) return `"${only}"*`;
  const pairs = characters.slice(0, -1).map((character, index) => `${character}${characters[index + 1]}`);
  return `"${pairs.join(' ')}"`;
}
