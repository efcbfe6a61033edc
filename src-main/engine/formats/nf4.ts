/**
 * NF4 with double quantisation as bitsandbytes stores it (https://arxiv.org/abs/2305.14314), in plain numbers: for
 * backends without the native kernels, which give the same bytes.
 */

/** Weights that share a scale, and scales that share a factor. */
export const nf4Block = 64;
export const scaleBlock = 256;

/** Quantiles of the normal distribution with an exact 0, scaled to [−1, 1]. */
export const nf4Levels = Float32Array.of(
  -1,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1,
);

const round = Math.fround;
const midpoints = nf4Levels
  .subarray(0, 15)
  .map((level, index) => round(round(level + (nf4Levels[index + 1] ?? 0)) / 2));

/** Edge `index` of `count` even steps from 0.1 to 1, rounded as torch.linspace rounds: from the nearer end. */
function boundary(index: number, count: number): number {
  const step = round(round(1 - round(0.1)) / count);
  return index < (count + 1) / 2 ? round(step * index + round(0.1)) : round(1 - step * (count - index));
}

/**
 * The 256 levels of the dynamic 8-bit code (https://arxiv.org/abs/1511.04561): for i = 0 … 6 the 2^i midpoints of
 * 2^i + 1 even steps from 0.1 to 1, times 10^(i − 6), with both signs; 0; and 1.
 */
export const dynamicLevels = makeDynamicLevels();

function makeDynamicLevels(): Float32Array {
  const levels = [0, 1];
  for (let power = 0; power < 7; power++) {
    const count = 2 ** power;
    for (let index = 0; index < count; index++) {
      const middle = round(round(boundary(index, count) + boundary(index + 1, count)) / 2);
      const magnitude = round(middle * round(10 ** (power - 6)));
      levels.push(magnitude, -magnitude);
    }
  }
  return Float32Array.from(levels).sort();
}

/** The nearest dynamic level, the lower one of two equally near. */
function nearestDynamic(value: number): number {
  let low = 0;
  let high = 256;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dynamicLevels[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === 256) return 255;
  const below = round(value - (dynamicLevels[low - 1] ?? 0));
  const above = round((dynamicLevels[low] ?? 0) - value);
  return below <= above ? low - 1 : low;
}

/** What NF4 keeps of some weights; parts as `Nf4Handles` describes them. */
export interface Nf4Values {
  readonly codes: Uint8Array;
  readonly scales: Uint8Array;
  readonly nestedScales: Float32Array;
  readonly offset: number;
}

/** Codes of one block: the nearest level, the lower one of two equally near. Returns the block's scale. */
function quantizeBlock(block: Float32Array, codes: Uint8Array): number {
  let largest = 0;
  for (const value of block) largest = Math.max(largest, Math.abs(value));
  const factor = round(1 / Math.max(largest, 2 ** -126));
  block.forEach((value, index) => {
    const scaled = round(value * factor);
    let code = 0;
    while (code < 15 && scaled > (midpoints[code] ?? 0)) code++;
    codes[index >> 1] = (codes[index >> 1] ?? 0) | (index % 2 === 0 ? code << 4 : code);
  });
  return largest;
}

/** Quantises weights laid out `[out, in]`, row after row. */
export function quantizeNf4(weights: Float32Array): Nf4Values {
  const blocks = Math.ceil(weights.length / nf4Block);
  const codes = new Uint8Array(Math.ceil(weights.length / 2));
  const absolute = new Float32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const begin = block * nf4Block;
    const part = weights.subarray(begin, begin + nf4Block);
    absolute[block] = quantizeBlock(part, codes.subarray(begin / 2));
  }
  const total = absolute.reduce((sum, scale) => sum + scale, 0);
  const offset = blocks === 0 ? 0 : round(total / blocks);
  const scales = new Uint8Array(blocks);
  const nestedScales = new Float32Array(Math.ceil(blocks / scaleBlock));
  for (let nested = 0; nested < nestedScales.length; nested++) {
    const differences = absolute
      .subarray(nested * scaleBlock, (nested + 1) * scaleBlock)
      .map((scale) => scale - offset);
    const largest = differences.reduce((most, difference) => Math.max(most, Math.abs(difference)), 0);
    nestedScales[nested] = largest;
    // Scales that are all equal are told by the offset alone; their code is 0, as in bitsandbytes.
    if (largest === 0) continue;
    differences.forEach((difference, index) => {
      scales[nested * scaleBlock + index] = nearestDynamic(round(difference / largest));
    });
  }
  return { codes, scales, nestedScales, offset };
}
