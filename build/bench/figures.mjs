/** From what was measured to the figures that are compared. */

/** @typedef {import('./trainingRow.mjs').TrainingMeasurement} TrainingMeasurement */
/** @typedef {import('./trainingRow.mjs').Duel} Duel */
/** @typedef {import('./trainingRow.mjs').Side} Side */
/** @typedef {import('./trainingRow.mjs').Amount} Amount */
/** @typedef {{ fp32: number, bf16: number }} Peak of matrix products, in operations per second */
/**
 * @typedef {object} SideFigures
 * @property {number | null} rowsPerSecond
 * @property {number | null} tokensPerSecond
 * @property {number} peakMemoryBytes
 * @property {number | null} utilisation share of the machine's peak that the work itself needs
 * @property {number} loss mean of the last steps; NaN where there is none
 */
/**
 * @typedef {object} DuelFigures
 * @property {SideFigures} own
 * @property {SideFigures | null} reference
 * @property {number | null} ratio of throughput, median over the pairs
 * @property {number[]} ratios of each pair
 * @property {number | null} memoryRatio
 * @property {number | null} lossDifference relative, after the same steps
 */
/** @typedef {{ row: string, title: string, measuredAt: string, pairs: number, fp32: DuelFigures | null, bf16: DuelFigures | null, note?: string, failed?: boolean }} RowFigures */

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (/** @type {number} */ index) => sorted[index] ?? NaN;
  return sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
}

/** @param {number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Steps at the end whose losses are compared. */
const lastSteps = 5;

/** @param {Side} side @param {Amount[]} amounts @param {number} peak @returns {SideFigures} */
function describeSide({ windows, losses, peakMemoryBytes }, amounts, peak) {
  const rates = (/** @type {(amount: Amount) => number} */ of) =>
    windows.flatMap(({ milliseconds }, index) => {
      const amount = amounts[index] ?? amounts[0];
      return amount === undefined ? [] : [(of(amount) * 1000) / milliseconds];
    });
  const rate = (/** @type {(amount: Amount) => number} */ of) =>
    amounts.length === 0 ? null : median(rates(of));
  const operations = rate((amount) => amount.operations);
  return {
    rowsPerSecond: rate((amount) => amount.rows),
    tokensPerSecond: rate((amount) => amount.tokens),
    peakMemoryBytes,
    utilisation: operations ? operations / peak : null,
    loss: mean(losses.slice(-lastSteps)),
  };
}

/** @param {Duel} duel @param {Amount[]} amounts @param {number} peak @returns {DuelFigures} */
export function describeDuel({ own, reference }, amounts, peak) {
  const ownFigures = describeSide(own, amounts, peak);
  if (reference === null) {
    return {
      own: ownFigures,
      reference: null,
      ratio: null,
      ratios: [],
      memoryRatio: null,
      lossDifference: null,
    };
  }
  const referenceFigures = describeSide(reference, amounts, peak);
  const ratios = own.windows.map(
    ({ milliseconds }, index) => (reference.windows[index]?.milliseconds ?? NaN) / milliseconds,
  );
  const difference = (ownFigures.loss - referenceFigures.loss) / referenceFigures.loss;
  return {
    own: ownFigures,
    reference: referenceFigures,
    ratio: median(ratios),
    ratios,
    memoryRatio: own.peakMemoryBytes / reference.peakMemoryBytes,
    lossDifference: Number.isNaN(difference) ? null : difference,
  };
}

/** @param {(number | null | undefined)[]} values @param {(...values: number[]) => number} choose */
function worst(values, choose) {
  const known = values.filter((value) => value != null);
  return known.length === 0 ? null : choose(...known);
}

/**
 * A row in one line. A row in several parts counts by its worst; `lossDifference` is the larger one of both precisions,
 * `memoryRatio` too.
 * @param {string} row @param {RowFigures[]} parts
 */
export function summarizeRow(row, parts) {
  const fp32 = parts.map((part) => part.fp32);
  const bf16 = parts.map((part) => part.bf16);
  const both = [...fp32, ...bf16];
  const differences = both.map((duel) =>
    duel?.lossDifference == null ? null : Math.abs(duel.lossDifference),
  );
  return {
    row,
    ratioFp32: worst(
      fp32.map((duel) => duel?.ratio),
      Math.min,
    ),
    ratioBf16: worst(
      bf16.map((duel) => duel?.ratio),
      Math.min,
    ),
    memoryRatio: worst(
      both.map((duel) => duel?.memoryRatio),
      Math.max,
    ),
    utilisation: worst(
      fp32.map((duel) => duel?.own.utilisation),
      Math.min,
    ),
    utilisationBf16: worst(
      bf16.map((duel) => duel?.own.utilisation),
      Math.min,
    ),
    lossDifference: worst(differences, Math.max),
    peakMemoryBytes: worst(
      both.map((duel) => duel?.own.peakMemoryBytes),
      Math.max,
    ),
  };
}
