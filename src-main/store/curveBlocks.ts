import type { StoreDatabase } from './database.ts';
import { type Curve, consecutive, listed } from './curve.ts';

/** Points of every block: 32 KB of values, so that a million are read in a moment. */
const blockPoints = 4096;

interface BlockColumns {
  firstStep: number;
  points: Buffer;
}

/** A block as it is stored: all its values; before them its steps, unless these follow each other without a gap. */
function packPoints(steps: readonly number[], values: readonly number[]): Buffer {
  const hasGaps = (steps.at(-1) ?? 0) - (steps[0] ?? 0) !== steps.length - 1;
  const packed = Float64Array.from(hasGaps ? [...steps, ...values] : values);
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}

function unpackPoints({ firstStep, points }: BlockColumns): Curve {
  const aligned = points.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0;
  const bytes = aligned ? points : new Uint8Array(points);
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  return numbers.length === blockPoints
    ? { steps: consecutive(firstStep, blockPoints), values: numbers }
    : { steps: listed(numbers.subarray(0, blockPoints)), values: numbers.subarray(blockPoints) };
}

/**
 * Long series in blocks: the newest points stand in rows, where they are cheap to add and to replace, and move into a
 * block together once there are enough of them.
 */
export function createCurveBlocks(database: StoreDatabase) {
  const rowCount = database.prepare<[number], { count: number }>(
    'SELECT count(*) AS count FROM metricPoints WHERE series = ?',
  );
  const firstRows = database.prepare<[number, number], { step: number; value: number }>(
    'SELECT step, value FROM metricPoints WHERE series = ? ORDER BY step LIMIT ?',
  );
  const rowsBetween = database.prepare<[number, number, number], { step: number; value: number }>(
    'SELECT step, value FROM metricPoints WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step',
  );
  const removeRowsUpTo = database.prepare<[number, number]>(
    'DELETE FROM metricPoints WHERE series = ? AND step <= ?',
  );
  const addBlock = database.prepare<[number, number, number, Buffer]>(
    'INSERT OR REPLACE INTO metricBlocks (series, firstStep, lastStep, points) VALUES (?, ?, ?, ?)',
  );
  const blocksBetween = database.prepare<[number, number, number], BlockColumns>(
    'SELECT firstStep, points FROM metricBlocks WHERE series = ? AND lastStep >= ? AND firstStep <= ? ORDER BY firstStep',
  );
  const removeBlock = database.prepare<[number, number]>(
    'DELETE FROM metricBlocks WHERE series = ? AND firstStep = ?',
  );
  const lastPacked = database.prepare<[number], { lastStep: number | null }>(
    'SELECT max(lastStep) AS lastStep FROM metricBlocks WHERE series = ?',
  );
  const addRow = database.prepare<[number, number, number]>(
    'INSERT OR REPLACE INTO metricPoints (series, step, value) VALUES (?, ?, ?)',
  );

  /** Moves the oldest rows into blocks, whole blocks only. */
  function pack(series: number): void {
    for (let left = rowCount.get(series)?.count ?? 0; left >= 2 * blockPoints; left -= blockPoints) {
      const rows = firstRows.all(series, blockPoints);
      const [first, last] = [rows[0]?.step ?? 0, rows.at(-1)?.step ?? 0];
      const points = packPoints(
        rows.map(({ step }) => step),
        rows.map(({ value }) => value),
      );
      addBlock.run(series, first, last, points);
      removeRowsUpTo.run(series, last);
    }
  }

  return {
    pack,
    /** Takes blocks that reach a step or beyond apart into rows, so that their points can be changed. */
    unpackFrom(series: number, step: number): void {
      if ((lastPacked.get(series)?.lastStep ?? -Infinity) < step) return;
      for (const block of blocksBetween.all(series, step, Number.MAX_SAFE_INTEGER)) {
        const { steps, values } = unpackPoints(block);
        values.forEach((value, index) => addRow.run(series, steps.at(index), value));
        removeBlock.run(series, block.firstStep);
      }
    },
    /** Every point between two steps, in stretches as they are stored. */
    read(series: number, from: number, to: number): Curve[] {
      const rows = rowsBetween.all(series, from, to);
      const newest = {
        steps: listed(Float64Array.from(rows, ({ step }) => step)),
        values: Float64Array.from(rows, ({ value }) => value),
      };
      // Blocks may reach beyond what was asked for.
      return [...blocksBetween.all(series, from, to).map(unpackPoints), newest].flatMap(
        ({ steps, values }) => {
          const [first, end] = [steps.firstFrom(from), steps.firstFrom(to + 1)];
          return first < end ? [{ steps: steps.slice(first, end), values: values.subarray(first, end) }] : [];
        },
      );
    },
  };
}
export type CurveBlocks = ReturnType<typeof createCurveBlocks>;
