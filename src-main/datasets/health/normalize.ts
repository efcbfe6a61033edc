/** Text as duplicates are compared: one Unicode form, upper and lower case alike, blanks as single spaces. */
export function normalizeText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
