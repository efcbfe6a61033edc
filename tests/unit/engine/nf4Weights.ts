/** The numbers of tests/reference/nf4.py: whole multiples of 2^-32, so that every language makes the same. */
export function nf4Weights(count: number): Float32Array<ArrayBuffer> {
  const fraction = (index: number, factor: bigint): number =>
    Number((BigInt(index) * factor) % (1n << 32n)) / 2 ** 32;
  return Float32Array.from({ length: count }, (_, index) => {
    const total = fraction(index, 2654435761n) + fraction(index, 2246822519n) + fraction(index, 3266489917n);
    return (total - 1.5) * 0.04;
  });
}
