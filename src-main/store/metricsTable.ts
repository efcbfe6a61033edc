import type { Series } from '../contract/runs.ts';
import { createCurveBlocks } from './curveBlocks.ts';
import type { StoreDatabase } from './database.ts';
import { joinCurves } from './curve.ts';
import { decimate, placedAlong, placedBySteps } from './decimate.ts';
import type { MetricsTable, SeriesQuery } from './types.ts';

/** Series of this kind say where steps stand; they are no curves to look at. */
const axisPrefix = 'axis.';
/** Points of a series after which its rows are looked at again; the first one of a session has them looked at, too. */
const packEvery = 1024;

export function createMetricsTable(database: StoreDatabase): MetricsTable {
  const blocks = createCurveBlocks(database);
  const addSeries = database.prepare<[string, string]>(
    'INSERT INTO metricSeries (runId, name) VALUES (?, ?) ON CONFLICT (runId, name) DO NOTHING',
  );
  const findSeries = database.prepare<[string, string], { key: number }>(
    'SELECT key FROM metricSeries WHERE runId = ? AND name = ?',
  );
  const allSeries = database.prepare<[string], { key: number; name: string }>(
    'SELECT key, name FROM metricSeries WHERE runId = ? ORDER BY key',
  );
  const putPoint = database.prepare<[number, number, number]>(
    `INSERT INTO metricPoints (series, step, value) VALUES (?, ?, ?)
     ON CONFLICT (series, step) DO UPDATE SET value = excluded.value`,
  );
  const removePoints = database.prepare<[number, number]>(
    'DELETE FROM metricPoints WHERE series = ? AND step > ?',
  );
  /** Points added to each series since its rows were looked at. */
  const added = new Map<number, number>();
  /** The newest step of each series written in this session: what comes after it needs no look into blocks. */
  const newest = new Map<number, number>();

  function keyOf(runId: string, name: string): number {
    const found = findSeries.get(runId, name);
    if (found) return found.key;
    addSeries.run(runId, name);
    return findSeries.get(runId, name)?.key ?? 0;
  }

  function put(key: number, step: number, value: number): void {
    if (step <= (newest.get(key) ?? Infinity)) blocks.unpackFrom(key, step);
    putPoint.run(key, step, value);
    newest.set(key, step);
    const since = (added.get(key) ?? packEvery - 1) + 1;
    added.set(key, since % packEvery);
    if (since === packEvery) blocks.pack(key);
  }

  const wholeCurve = (key: number) =>
    joinCurves(
      blocks
        .stretches(key, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
        .map((stretch) => stretch.points()),
    );

  function* seriesOneByOne(query: SeriesQuery): IterableIterator<Series> {
    const { runId, metrics, axis = 'step', fromStep, toStep, ...view } = query;
    const from = Math.ceil(fromStep ?? Number.MIN_SAFE_INTEGER);
    const to = Math.floor(toStep ?? Number.MAX_SAFE_INTEGER);
    const axisSeries = axis === 'step' ? undefined : findSeries.get(runId, `${axisPrefix}${axis}`);
    const along = axisSeries && wholeCurve(axisSeries.key);
    for (const { key, name } of allSeries.all(runId)) {
      if (metrics === undefined ? name.startsWith(axisPrefix) : !metrics.includes(name)) continue;
      const stretches = blocks.stretches(key, from, to);
      yield decimate(name, stretches.map(along === undefined ? placedBySteps : placedAlong(along)), view);
    }
  }

  return {
    append(runId, step, metrics) {
      database.transaction(() => {
        for (const [name, value] of Object.entries(metrics)) {
          if (Number.isFinite(value)) put(keyOf(runId, name), step, value);
        }
      });
    },
    seriesOneByOne,
    series: (query) => [...seriesOneByOne(query)],
    extremes(runId, metric) {
      const series = findSeries.get(runId, metric);
      return series && blocks.extremes(series.key);
    },
    names: (runId) => allSeries.all(runId).map(({ name }) => name),
    *points(runId) {
      for (const { key, name } of allSeries.all(runId)) {
        yield { metric: name, ...wholeCurve(key) };
      }
    },
    removeAfter(runId, step) {
      database.transaction(() => {
        for (const { key } of allSeries.all(runId)) {
          blocks.unpackFrom(key, step + 1);
          removePoints.run(key, step);
        }
      });
    },
  };
}
