import Database from 'better-sqlite3';
import type { SharedList } from '../contract/system.ts';
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
  /** Notes that a list reads differently now; told once that is committed, and not at all where it is undone. */
  changed(list: SharedList): void;
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
  /** Told which lists read differently, after the commit. */
  readonly onChanged?: (lists: ReadonlySet<SharedList>) => void;
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

  let changed = new Set<SharedList>();
  /** Tells what has changed, or forgets what was undone, once no transaction is open any more. */
  function settle(committed: boolean): void {
    if (connection.inTransaction || changed.size === 0) return;
    const told = changed;
    changed = new Set();
    if (committed) options.onChanged?.(told);
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
      let committed = false;
      try {
        const result = guard('transaction', () =>
          connection
            .transaction(() => {
              const value = work();
              // The hook stands for a failing commit, which undoes the whole.
              beforeCall('commit');
              return value;
            })
            .immediate(),
        );
        committed = true;
        return result;
      } finally {
        settle(committed);
      }
    },
    changed(list) {
      changed.add(list);
      settle(true);
    },
    close: () => {
      connection.close();
    },
  };
}
