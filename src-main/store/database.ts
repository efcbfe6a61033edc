import Database from 'better-sqlite3';
import { TunebenchError } from '../contract/errors/index.ts';
import { type Migration, type PlaceFile, migrate } from './migrations/migrate.ts';
import { migrations as allMigrations } from './migrations/all.ts';

export interface Statement<Parameters extends unknown[], Row> {
  /** Rows changed, and the key of the last row inserted. */
  run(...parameters: Parameters): { changes: number; lastKey: number };
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
  iterate(...parameters: Parameters): IterableIterator<Row>;
}

/** The one connection to the database. Every failure comes out as a sentence for a person. */
export interface StoreDatabase {
  readonly path: string;
  prepare<Parameters extends unknown[], Row = unknown>(sql: string): Statement<Parameters, Row>;
  /** Everything `work` writes happens or none of it; transactions may nest. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

export interface DatabaseOptions {
  readonly migrations?: readonly Migration[];
  /** Called before every statement; a test throws here to stand in for a failing disk. */
  readonly beforeCall?: (sql: string) => void;
  readonly busyTimeoutMs?: number;
  /** Gives a file that is written under another name its own when it is whole; left out, it is written in place. */
  readonly placeFile?: PlaceFile;
}

/** SQLite's failure as a sentence; our own errors pass through unchanged. */
export function describeDatabaseError(error: unknown, path: string): TunebenchError {
  if (error instanceof TunebenchError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof Database.SqliteError ? error.code : '';
  const details = { cause: error };
  // The index beside the log is made larger before anything is written; only a full disk keeps that from succeeding.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') {
    return new TunebenchError('platform.diskFull', { path }, details);
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new TunebenchError('platform.databaseBusy', { path }, details);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new TunebenchError('platform.databaseDamaged', { path, detail }, details);
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM') {
    return new TunebenchError('platform.noPermission', { path, detail }, details);
  }
  return new TunebenchError('platform.databaseFailed', { path, detail: detail || code }, details);
}

function configure(connection: Database.Database): void {
  // FULL: what a person was told is saved survives a power cut, not only a crash.
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('temp_store = MEMORY');
  connection.pragma('journal_size_limit = 67108864');
}

/** Opens the database at `path`, creating it or bringing it to the newest schema. */
export function openDatabase(path: string, options: DatabaseOptions = {}): StoreDatabase {
  const beforeCall = options.beforeCall ?? (() => undefined);
  function guard<Result>(sql: string, work: () => Result): Result {
    try {
      beforeCall(sql);
      return work();
    } catch (error) {
      throw describeDatabaseError(error, path);
    }
  }

  const connection = guard('open', () => new Database(path, { timeout: options.busyTimeoutMs ?? 5000 }));
  try {
    guard('migrate', () => {
      migrate(connection, path, options.migrations ?? allMigrations, options.placeFile);
      configure(connection);
    });
  } catch (error) {
    connection.close();
    throw error;
  }

  return {
    path,
    prepare<Parameters extends unknown[], Row>(sql: string): Statement<Parameters, Row> {
      const statement = guard('prepare', () => connection.prepare<Parameters, Row>(sql));
      return {
        run: (...parameters) =>
          guard(sql, () => {
            const result = statement.run(...parameters);
            return { changes: result.changes, lastKey: Number(result.lastInsertRowid) };
          }),
        get: (...parameters) => guard(sql, () => statement.get(...parameters)),
        all: (...parameters) => guard(sql, () => statement.all(...parameters)),
        iterate: (...parameters) => guard(sql, () => statement.iterate(...parameters)),
      };
    },
    transaction<Result>(work: () => Result): Result {
      return guard('transaction', () =>
        connection
          .transaction(() => {
            const result = work();
            // The hook stands for a failing commit, which undoes the whole.
            beforeCall('commit');
            return result;
          })
          .immediate(),
      );
    },
    close: () => {
      connection.close();
    },
  };
}
