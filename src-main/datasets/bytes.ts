/** The pieces as one array. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const [only, second] = pieces;
  if (only !== undefined && second === undefined) return only;
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.byteLength;
  }
  return joined;
}
