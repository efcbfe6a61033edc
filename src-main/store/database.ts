import Database from 'better-sqlite3';
import { type IsDiskFull, describeDatabaseError } from './databaseErrors.ts';
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
  /** Left out, a disk counts as full only where SQLite itself says so. */
  readonly isDiskFull?: IsDiskFull;
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
  const describe = (error: unknown) => describeDatabaseError(error, path, options.isDiskFull);
  function guard<Result>(sql: string, work: () => Result): Result {
    try {
      beforeCall(sql);
      return work();
    } catch (error) {
      throw describe(error);
    }
  }

  const connection = guard('open', () => new Database(path, { timeout: options.busyTimeoutMs ?? 5000 }));
  try {
    guard('migrate', () => {
      migrate(connection, path, {
        migrations: options.migrations ?? allMigrations,
        placeFile: options.placeFile,
        describe,
      });
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
