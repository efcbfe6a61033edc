import type { Fields, Split } from '../contract/datasets.ts';
import type { StoreDatabase } from './database.ts';
import { cutRows, markOf, readChunk, splitAt } from './rowChunks.ts';
import type { NewRecord } from './types.ts';

export interface PlacedRecord extends NewRecord {
  /** From 0. */
  readonly position: number;
}

interface ChunkColumns {
  firstRow: number;
  splits: string;
  rows: string;
}

/** A record with the text it is kept as. */
interface PendingRow {
  readonly text: string;
  readonly split: Split;
}

/** The rows of datasets: lists of chunks, which datasets share where they have the same rows in the same order. */
export function createRowLists(database: StoreDatabase) {
  const findChunk = database.prepare<[number, string], { key: number }>(
    'SELECT key FROM rowChunks WHERE hash = ? AND rows = ?',
  );
  const insertChunk = database.prepare<[number, string]>('INSERT INTO rowChunks (hash, rows) VALUES (?, ?)');
  const nameChunk = database.prepare<[number, number, number, string]>(
    'INSERT INTO datasetChunks (dataset, firstRow, chunk, splits) VALUES (?, ?, ?, ?)',
  );
  const lastChunk = database.prepare<[number, number], ChunkColumns>(
    `SELECT firstRow, splits, rows FROM datasetChunks JOIN rowChunks ON rowChunks.key = chunk
     WHERE dataset = ? AND firstRow <= ? ORDER BY firstRow DESC LIMIT 1`,
  );
  const splitsOfChunks = database.prepare<[number], { firstRow: number; splits: string }>(
    'SELECT firstRow, splits FROM datasetChunks WHERE dataset = ? ORDER BY firstRow',
  );

  /** The chunk that holds the row at `position`; undefined behind the last one. */
  function chunkWith(dataset: number, position: number): ChunkColumns | undefined {
    const chunk = lastChunk.get(dataset, position);
    return chunk === undefined || chunk.firstRow + chunk.splits.length <= position ? undefined : chunk;
  }

  /** Chunk by chunk instead of one open cursor: SQLite refuses writes on a connection while a cursor is open. */
  function* from(dataset: number, first: number): Generator<PlacedRecord> {
    let position = first;
    for (let chunk = chunkWith(dataset, first); chunk !== undefined; chunk = chunkWith(dataset, position)) {
      const { firstRow, splits } = chunk;
      for (const [index, fields] of readChunk(chunk.rows).entries()) {
        if (firstRow + index < first) continue;
        yield { position: firstRow + index, split: splitAt(splits, index), fields };
      }
      position = firstRow + splits.length;
    }
  }

  return {
    /** Takes the rows of a new dataset, in order. Each batch is in the database or none of it, and can be given again. */
    write(dataset: number) {
      let pending: readonly PendingRow[] = [];
      let firstRow = 0;
      /** @returns how many rows were written */
      const writeChunks = (rows: readonly PendingRow[], atEnd: boolean): number =>
        database.transaction(() => {
          let written = 0;
          const texts = rows.map(({ text }) => text);
          for (const chunk of cutRows(texts, atEnd)) {
            const marks = rows.slice(written, written + chunk.rows).map(({ split }) => markOf(split));
            const key =
              findChunk.get(chunk.hash, chunk.text)?.key ?? insertChunk.run(chunk.hash, chunk.text).lastKey;
            nameChunk.run(dataset, firstRow + written, key, marks.join(''));
            written += chunk.rows;
          }
          return written;
        });
      return {
        append(records: readonly NewRecord[]): void {
          const rows = records.map(({ split, fields }) => ({ split, text: JSON.stringify(fields) }));
          const all = [...pending, ...rows];
          const written = writeChunks(all, false);
          firstRow += written;
          pending = all.slice(written);
        },
        /** Writes the last rows; in a transaction that fails, nothing has happened and it can be called again. */
        finish: () => void writeChunks(pending, true),
      };
    },

    from,

    page(dataset: number, offset: number, limit: number): PlacedRecord[] {
      const page: PlacedRecord[] = [];
      if (limit === 0) return page;
      for (const record of from(dataset, offset)) {
        page.push(record);
        if (page.length === limit) break;
      }
      return page;
    },

    /** The rows at positions that rise; those that are not there are left out. */
    at(dataset: number, positions: readonly number[]): PlacedRecord[] {
      let chunk: ChunkColumns | undefined;
      let rows: readonly Fields[] = [];
      return positions.flatMap((position) => {
        if (chunk === undefined || position >= chunk.firstRow + chunk.splits.length) {
          chunk = chunkWith(dataset, position);
          rows = chunk === undefined ? [] : readChunk(chunk.rows);
        }
        const index = position - (chunk?.firstRow ?? 0);
        const fields = rows[index];
        return chunk === undefined || fields === undefined
          ? []
          : [{ position, split: splitAt(chunk.splits, index), fields }];
      });
    },

    /** Rows of one split; to get to its place only the splits are read, no texts. */
    pageOfSplit(dataset: number, split: Split, offset: number, limit: number): PlacedRecord[] {
      const mark = markOf(split);
      let before = 0;
      let start: number | undefined;
      for (const { firstRow, splits } of splitsOfChunks.iterate(dataset)) {
        const here = splits.split(mark).length - 1;
        if (before + here > offset) {
          start = firstRow;
          break;
        }
        before += here;
      }
      const page: PlacedRecord[] = [];
      if (start === undefined || limit === 0) return page;
      for (const record of from(dataset, start)) {
        if (record.split !== split || before++ < offset) continue;
        page.push(record);
        if (page.length === limit) break;
      }
      return page;
    },
  };
}
