/**
 * The licence a model card names in the YAML block it begins with.
 * @returns undefined where the card has no such block or names none
 */
export function licenseFromCard(card: string): string | undefined {
  const block = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1] ?? '';
  const value = /^license:[ \t]*(.+?)[ \t]*$/m.exec(block)?.[1]?.replace(/^(['"])(.*)\1$/, '$2');
  return value === undefined || value === '' ? undefined : value;
}
