import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type Store, openStore } from '../../src-main/store/store.ts';
import { temporaryFolder } from './temporaryStore.ts';

/** What saving a setting is refused with where SQLite fails with this code. */
function codeOf(sqliteCode: string, isDiskFull: (path: string) => boolean): unknown {
  let failing = false;
  const store = openStore(join(temporaryFolder(), 'tunebench.sqlite'), {
    beforeCall() {
      if (failing) throw new Database.SqliteError('disk I/O error', sqliteCode);
    },
    isDiskFull,
  });
  failing = true;
  try {
    return attempt(store);
  } finally {
    failing = false;
    store.close();
  }
}

function attempt(store: Store): unknown {
  try {
    return store.settings.save({ theme: 'light' });
  } catch (error) {
    return error;
  }
}

test.each([
  ['SQLITE_FULL', 'platform.diskFull', 'platform.diskFull'],
  ['SQLITE_IOERR_FSYNC', 'platform.diskFull', 'platform.databaseFailed'],
  ['SQLITE_IOERR_WRITE', 'platform.diskFull', 'platform.databaseFailed'],
  ['SQLITE_IOERR_SHMSIZE', 'platform.diskFull', 'platform.databaseFailed'],
  ['SQLITE_CANTOPEN', 'platform.diskFull', 'platform.noPermission'],
  ['SQLITE_BUSY', 'platform.databaseBusy', 'platform.databaseBusy'],
  ['SQLITE_CORRUPT', 'platform.databaseDamaged', 'platform.databaseDamaged'],
])('%s is %s where there is no room, %s where there is', (sqliteCode, withoutRoom, withRoom) => {
  expect(codeOf(sqliteCode, () => true)).toMatchObject({ code: withoutRoom });
  expect(codeOf(sqliteCode, () => false)).toMatchObject({ code: withRoom });
});

test('room is looked for beside the database, and only after a failure that may come from there', () => {
  const asked: string[] = [];
  const look = (path: string) => {
    asked.push(path);
    return true;
  };
  codeOf('SQLITE_BUSY', look);
  expect(asked).toEqual([]);
  codeOf('SQLITE_IOERR_FSYNC', look);
  expect(asked).toEqual([expect.stringMatching(/tunebench\.sqlite$/)]);
});
