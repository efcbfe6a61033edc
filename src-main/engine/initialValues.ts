import { namedStream } from './data/random.ts';

/** `size` numbers in [−limit, limit), the same for the same seed and name whatever else was drawn. */
export function uniformValues(seed: number, name: string, size: number, limit: number): Float32Array {
  const stream = namedStream(seed, name);
  return Float32Array.from({ length: size }, (_, index) => (2 * stream.uniform(index) - 1) * limit);
}

/** `size` normally distributed numbers by Box and Muller's method, the same for the same seed and name. */
export function normalValues(seed: number, name: string, size: number, deviation: number): Float32Array {
  const stream = namedStream(seed, name);
  return Float32Array.from({ length: size }, (_, index) => {
    const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform(2 * index)));
    return deviation * radius * Math.cos(2 * Math.PI * stream.uniform(2 * index + 1));
  });
}
