import { normalizeText } from './normalize.ts';

/** Groups of at least two rows whose texts are the same but for case, blanks and Unicode form; in order of appearance. */
export function findExactDuplicates(texts: readonly string[]): number[][] {
  const rowsByText = new Map<string, number[]>();
  texts.forEach((text, row) => {
    const key = normalizeText(text);
    if (key === '') return;
    const rows = rowsByText.get(key);
    if (rows === undefined) rowsByText.set(key, [row]);
    else rows.push(row);
  });
  return [...rowsByText.values()].filter((rows) => rows.length > 1);
}
