import type { StoreDatabase } from './database.ts';
import { type Curve, type Stretch, consecutive, listed, storedNumbers } from './curve.ts';
import { packSummary, unpackSummary } from './curveSummary.ts';

/** Points of every block: 32 KB of values, so that a million are read in a moment. */
const blockPoints = 4096;
/** Points that stay in rows when others move into a block. */
const rowsKept = 512;

interface BlockColumns {
  firstStep: number;
  points: Buffer;
}

interface HeadColumns {
  firstStep: number;
  lastStep: number;
  entries: Buffer | null;
}

/** A block as it is stored: all its values; before them its steps, unless these follow each other without a gap. */
function packPoints(steps: readonly number[], values: readonly number[]): Buffer {
  const hasGaps = (steps.at(-1) ?? 0) - (steps[0] ?? 0) !== steps.length - 1;
  const packed = Float64Array.from(hasGaps ? [...steps, ...values] : values);
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}

function unpackPoints({ firstStep, points }: BlockColumns): Curve {
  const numbers = storedNumbers(points);
  return numbers.length === blockPoints
    ? { steps: consecutive(firstStep, blockPoints), values: numbers }
    : { steps: listed(numbers.subarray(0, blockPoints)), values: numbers.subarray(blockPoints) };
}

const noPoints: Curve = { steps: listed(new Float64Array(0)), values: new Float64Array(0) };

/** The points between two steps, both included. */
function between({ steps, values }: Curve, from: number, to: number): Curve {
  const [first, end] = [steps.firstFrom(from), steps.firstFrom(to + 1)];
  return { steps: steps.slice(first, end), values: values.subarray(first, end) };
}

function stretchOf(points: Curve): Stretch {
  const { steps } = points;
  const count = steps.length;
  return { firstStep: steps.at(0), lastStep: steps.at(count - 1), count, points: () => points };
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
  const headsBetween = database.prepare<[number, number, number], HeadColumns>(
    `SELECT firstStep, lastStep, entries FROM metricBlocks LEFT JOIN metricSummaries USING (series, firstStep)
     WHERE series = ? AND lastStep >= ? AND firstStep <= ? ORDER BY firstStep`,
  );
  const oneBlock = database.prepare<[number, number], BlockColumns>(
    'SELECT firstStep, points FROM metricBlocks WHERE series = ? AND firstStep = ?',
  );
  const addSummary = database.prepare<[number, number, Buffer]>(
    'INSERT INTO metricSummaries (series, firstStep, entries) VALUES (?, ?, ?)',
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

  /** Moves the oldest rows into blocks, whole blocks only; some rows stay, which a run that goes back may cut off. */
  function pack(series: number): void {
    for (let left = rowCount.get(series)?.count ?? 0; left >= blockPoints + rowsKept; left -= blockPoints) {
      const rows = firstRows.all(series, blockPoints);
      const [first, last] = [rows[0]?.step ?? 0, rows.at(-1)?.step ?? 0];
      const [steps, values] = [rows.map(({ step }) => step), rows.map(({ value }) => value)];
      addBlock.run(series, first, last, packPoints(steps, values));
      addSummary.run(series, first, packSummary(steps, values));
      removeRowsUpTo.run(series, last);
    }
  }

  /** What is stored between two steps, both included. */
  function stretches(series: number, from: number, to: number): Stretch[] {
    const blocks = headsBetween.all(series, from, to).map(({ firstStep, lastStep, entries }): Stretch => {
      const points = () => {
        const stored = oneBlock.get(series, firstStep);
        return stored ? unpackPoints(stored) : noPoints;
      };
      if (firstStep >= from && lastStep <= to) {
        const summary = entries ? unpackSummary(entries) : undefined;
        return { firstStep, lastStep, count: blockPoints, summary, points };
      }
      // Blocks may reach beyond what was asked for.
      return stretchOf(between(points(), from, to));
    });
    const rows = rowsBetween.all(series, from, to);
    const newest = stretchOf({
      steps: listed(Float64Array.from(rows, ({ step }) => step)),
      values: Float64Array.from(rows, ({ value }) => value),
    });
    return [...blocks, newest].filter(({ count }) => count > 0);
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
    stretches,
    /** The lowest and the highest value; undefined where there is no point. */
    extremes(series: number): { lowest: number; highest: number } | undefined {
      let [lowest, highest] = [Infinity, -Infinity];
      const take = (low: number, high: number) => {
        if (low < lowest) lowest = low;
        if (high > highest) highest = high;
      };
      for (const { summary, points } of stretches(series, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) {
        if (summary === undefined) for (const value of points().values) take(value, value);
        else for (let at = 0; at < summary.length; at++) take(summary.minimum(at), summary.maximum(at));
      }
      return lowest <= highest ? { lowest, highest } : undefined;
    },
  };
}
