export type UntidyKind = 'blanks' | 'invisible' | 'form';

/** Zero-width and direction marks; joiners stay, since emoji and some scripts are written with them. */
const invisible = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]/g;

/** What is untidy about a text: blanks that mean nothing, characters nobody sees, letters torn into parts (as in Korean file names of macOS). */
export function untidinessOf(text: string): UntidyKind | undefined {
  if (text.search(invisible) >= 0) return 'invisible';
  if (text.normalize('NFC') !== text) return 'form';
  return /^\s|\s$|[^\S\n]{2}|[^\S\n ]|\n{3}/.test(text) ? 'blanks' : undefined;
}

export function findUntidyTexts(texts: readonly string[]): { row: number; kind: UntidyKind }[] {
  return texts.flatMap((text, row) => {
    const kind = untidinessOf(text);
    return kind === undefined ? [] : [{ row, kind }];
  });
}

/** The same text without what is untidy; line breaks stay. */
export function tidyText(text: string): string {
  return text
    .replace(invisible, '')
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
