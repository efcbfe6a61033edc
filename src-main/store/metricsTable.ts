import type { Series } from '../contract/runs.ts';
import type { StoreDatabase } from './database.ts';
import type { MetricsTable, SeriesQuery } from './types.ts';

type Point = Series['points'][number];
interface Extent {
  count: number;
  first: number | null;
  last: number | null;
}

export function createMetricsTable(database: StoreDatabase): MetricsTable {
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
  const removePoints = database.prepare<[string, number]>(
    'DELETE FROM metricPoints WHERE series IN (SELECT key FROM metricSeries WHERE runId = ?) AND step > ?',
  );
  const extent = database.prepare<[number, number, number], Extent>(
    `SELECT count(*) AS count, min(step) AS first, max(step) AS last FROM metricPoints
     WHERE series = ? AND step BETWEEN ? AND ?`,
  );
  const everyPoint = database.prepare<[number, number, number], Point>(
    `SELECT step, value AS last, value AS minimum, value AS maximum FROM metricPoints
     WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step`,
  );
  // Buckets of equal width in steps: extremes and the newest value of each. Numbers are bound as doubles, hence the cast.
  const buckets = database.prepare<[{ key: number; first: number; last: number; count: number }], Point>(
    `WITH grouped AS (
       SELECT max(step) AS step, min(value) AS minimum, max(value) AS maximum FROM metricPoints
       WHERE series = @key AND step BETWEEN @first AND @last
       GROUP BY CAST((step - @first) * @count / (@last - @first + 1) AS INTEGER)
     )
     SELECT grouped.step, point.value AS last, grouped.minimum, grouped.maximum
     FROM grouped JOIN metricPoints AS point ON point.series = @key AND point.step = grouped.step
     ORDER BY grouped.step`,
  );

  function readSeries(key: number, name: string, query: SeriesQuery): Series {
    const from = Math.ceil(query.fromStep ?? Number.MIN_SAFE_INTEGER);
    const to = Math.floor(query.toStep ?? Number.MAX_SAFE_INTEGER);
    const found = extent.get(key, from, to);
    if (found === undefined || found.first === null || found.last === null) {
      return { metric: name, totalPoints: 0, points: [] };
    }
    const points =
      found.count <= query.maximumPoints
        ? everyPoint.all(key, found.first, found.last)
        : buckets.all({ key, first: found.first, last: found.last, count: query.maximumPoints });
    return { metric: name, totalPoints: found.count, points };
  }

  return {
    append(runId, step, metrics) {
      database.transaction(() => {
        for (const [name, value] of Object.entries(metrics)) {
          if (!Number.isFinite(value)) continue;
          addSeries.run(runId, name);
          const series = findSeries.get(runId, name);
          if (series) putPoint.run(series.key, step, value);
        }
      });
    },
    series(query) {
      return allSeries
        .all(query.runId)
        .filter(({ name }) => query.metrics === undefined || query.metrics.includes(name))
        .map(({ key, name }) => readSeries(key, name, query));
    },
    names: (runId) => allSeries.all(runId).map(({ name }) => name),
    removeAfter(runId, step) {
      removePoints.run(runId, step);
    },
  };
}
