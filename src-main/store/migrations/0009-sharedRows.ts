import type { Database } from 'better-sqlite3';
import { splitSchema } from '../../contract/datasets.ts';
import { cutRows, markOf } from '../rowChunks.ts';
import type { Migration } from './migrate.ts';

interface OldRow {
  split: string;
  fields: string;
}

const rowsPerPage = 2000;

/** Cuts the rows of one dataset into chunks; chunks that another has already are named, not written again. */
function shareRows(connection: Database, dataset: number): void {
  const page = connection.prepare<[number, number, number], OldRow>(
    'SELECT split, fields FROM records WHERE dataset = ? AND position >= ? ORDER BY position LIMIT ?',
  );
  const find = connection.prepare<[number, string], { key: number }>(
    'SELECT key FROM rowChunks WHERE hash = ? AND rows = ?',
  );
  const insert = connection.prepare<[number, string]>('INSERT INTO rowChunks (hash, rows) VALUES (?, ?)');
  const name = connection.prepare<[number, number, number, string]>(
    'INSERT INTO datasetChunks (dataset, firstRow, chunk, splits) VALUES (?, ?, ?, ?)',
  );
  let pending: OldRow[] = [];
  let firstRow = 0;
  for (let position = 0, atEnd = false; !atEnd; position += rowsPerPage) {
    const rows = page.all(dataset, position, rowsPerPage);
    atEnd = rows.length < rowsPerPage;
    pending = [...pending, ...rows];
    const texts = pending.map(({ fields }) => fields);
    for (const chunk of cutRows(texts, atEnd)) {
      const marks = pending.slice(0, chunk.rows).map(({ split }) => markOf(splitSchema.parse(split)));
      const key =
        find.get(chunk.hash, chunk.text)?.key ?? Number(insert.run(chunk.hash, chunk.text).lastInsertRowid);
      name.run(dataset, firstRow, key, marks.join(''));
      firstRow += chunk.rows;
      pending = pending.slice(chunk.rows);
    }
  }
}

/** Versions of a dataset share the rows that did not change. */
export const migration0009: Migration = {
  version: 9,
  up(connection) {
    connection.exec(`
      -- A chunk never changes. The hash finds those that may be the same; the text decides.
      CREATE TABLE rowChunks (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        hash INTEGER NOT NULL,
        -- JSON: a list of the rows' fields.
        rows TEXT NOT NULL
      ) STRICT;
      CREATE INDEX rowChunksByHash ON rowChunks (hash);

      -- A dataset is a list of chunks; which split each row belongs to is its own, so splitting anew copies no row.
      CREATE TABLE datasetChunks (
        dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
        firstRow INTEGER NOT NULL,
        chunk INTEGER NOT NULL REFERENCES rowChunks (key),
        -- A character a row: 0 train, 1 validation, 2 test.
        splits TEXT NOT NULL,
        PRIMARY KEY (dataset, firstRow)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX datasetChunksByChunk ON datasetChunks (chunk);
      CREATE TRIGGER dropUnusedChunk AFTER DELETE ON datasetChunks
        WHEN NOT EXISTS (SELECT 1 FROM datasetChunks WHERE chunk = OLD.chunk)
        BEGIN DELETE FROM rowChunks WHERE key = OLD.chunk; END;
    `);
    // An import that was cut short leaves nothing; it would be removed as soon as the database is open.
    const datasets = connection
      .prepare<[], { key: number }>('SELECT key FROM datasets WHERE versionHash IS NOT NULL ORDER BY key')
      .all();
    for (const { key } of datasets) shareRows(connection, key);
    connection.exec(`
      DROP TABLE records;
      -- Filters ask for any of several labels and splits.
      UPDATE labelFilters SET filter = json_remove(json_set(filter, '$.labels', json_array(filter ->> '$.label')), '$.label')
        WHERE filter ->> '$.label' IS NOT NULL;
      UPDATE labelFilters SET filter = json_remove(json_set(filter, '$.splits', json_array(filter ->> '$.split')), '$.split')
        WHERE filter ->> '$.split' IS NOT NULL;
    `);
  },
};
