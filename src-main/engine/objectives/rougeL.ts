/** Words without punctuation, in lower case, whatever the script. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** Length of the longest common subsequence. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let before = new Uint32Array(b.length + 1);
  for (const word of a) {
    const now = new Uint32Array(b.length + 1);
    for (let column = 1; column <= b.length; column++) {
      now[column] =
        word === b[column - 1]
          ? (before[column - 1] ?? 0) + 1
          : Math.max(before[column] ?? 0, now[column - 1] ?? 0);
    }
    before = now;
  }
  return before[b.length] ?? 0;
}

/** ROUGE-L (https://aclanthology.org/W04-1013): F1 of the longest common subsequence of words, from 0 to 1. */
export function rougeL(written: string, wanted: string): number {
  const [found, right] = [wordsOf(written), wordsOf(wanted)];
  const common = longestCommon(found, right);
  return common === 0 ? 0 : (2 * common) / (found.length + right.length);
}
