// SQuAD's exact match and F1 (https://arxiv.org/abs/1606.05250), with the normalisation of its evaluation program.

/** Lower case, without punctuation marks, articles and superfluous white space. */
export function normalizeAnswer(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[!-/:-@[-`{-~]/g, '')
    .replaceAll(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .join(' ');
}

function f1Of(found: string, wanted: string): number {
  const [ownWords, rightWords] = [found, wanted].map((text) =>
    normalizeAnswer(text)
      .split(' ')
      .filter((word) => word !== ''),
  );
  const [own = [], right = []] = [ownWords, rightWords];
  if (own.length === 0 || right.length === 0) return Number(own.length === right.length);
  const left = [...right];
  const same = own.filter((word) => {
    const place = left.indexOf(word);
    if (place >= 0) left.splice(place, 1);
    return place >= 0;
  }).length;
  return (2 * same) / (own.length + right.length);
}

/** The best of all right answers; a question without any wants an empty text. */
export function scoreAnswer(found: string, wanted: readonly string[]): { exactMatch: number; f1: number } {
  const right = wanted.length > 0 ? wanted : [''];
  return {
    exactMatch: Number(right.some((text) => normalizeAnswer(text) === normalizeAnswer(found))),
    f1: Math.max(...right.map((text) => f1Of(found, text))),
  };
}
