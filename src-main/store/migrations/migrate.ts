import type { Database } from 'better-sqlite3';
import { TunebenchError } from '../../contract/errors/index.ts';

/** One step of the schema. Once released it never changes: databases out there have gone through it. */
export interface Migration {
  /** Rises by one from 1. */
  readonly version: number;
  up(connection: Database): void;
}

/** Lets `write` make a file under a name it is given, which then becomes `path`. */
export type PlaceFile = (path: string, write: (part: string) => void) => void;

export interface MigrationPlan {
  readonly migrations: readonly Migration[];
  /** Left out, the copy is written in place. */
  readonly placeFile: PlaceFile | undefined;
  /** What threw, as a sentence. */
  readonly describe: (error: unknown) => TunebenchError;
}

/** Marks the file as ours ("TUNE"), so that another program's database is not taken for one. */
const applicationId = 0x54554e45;

function pragmaNumber(connection: Database, name: string): number {
  const value = connection.pragma(name, { simple: true });
  return typeof value === 'number' ? value : 0;
}

function refuseForeignFile(connection: Database, path: string): void {
  const tables = connection
    .prepare<[], { count: number }>('SELECT count(*) AS count FROM sqlite_schema')
    .get();
  if (tables === undefined || tables.count === 0) return;
  if (pragmaNumber(connection, 'application_id') === applicationId) return;
  const detail = 'it holds the tables of another program';
  throw new TunebenchError('platform.databaseDamaged', { path, detail });
}

/**
 * Brings a database to the newest schema in one transaction, after a copy of it was made beside it.
 * @throws TunebenchError `platform.databaseNewer` or `platform.migrationFailed`, or that the disk is full or somebody holds the database; it is
 *   unchanged then
 */
export function migrate(
  connection: Database,
  path: string,
  { migrations, placeFile = (target, write) => write(target), describe }: MigrationPlan,
): void {
  refuseForeignFile(connection, path);
  const found = pragmaNumber(connection, 'user_version');
  const known = migrations.at(-1)?.version ?? 0;
  if (found > known) throw new TunebenchError('platform.databaseNewer', { path, found, known });
  const missing = migrations.filter((migration) => migration.version > found);
  if (missing.length === 0) return;
  let backup = '–';
  try {
    if (found > 0) {
      const copy = `${path}.v${found}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.backup.sqlite`;
      placeFile(copy, (part) => connection.prepare('VACUUM INTO ?').run(part));
      backup = copy;
    }
    // Tables may be rebuilt on the way; what refers to what is checked once at the end.
    connection.pragma('foreign_keys = OFF');
    connection
      .transaction(() => {
        for (const migration of missing) migration.up(connection);
        const broken: unknown = connection.pragma('foreign_key_check');
        if (Array.isArray(broken) && broken.length > 0)
          throw new Error('rows refer to rows that are missing');
        connection.pragma(`application_id = ${applicationId}`);
        connection.pragma(`user_version = ${known}`);
      })
      .immediate();
  } catch (error) {
    const described = describe(error);
    // Nothing is wrong with a database that somebody else holds, or that only needs room.
    if (described.code === 'platform.databaseBusy' || described.code === 'platform.diskFull') throw described;
    const detail = error instanceof Error ? error.message : String(error);
    throw new TunebenchError(
      'platform.migrationFailed',
      { path, from: found, to: known, detail, backup },
      { cause: error },
    );
  }
}
