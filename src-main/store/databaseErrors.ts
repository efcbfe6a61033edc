import Database from 'better-sqlite3';
import { TunebenchError } from '../contract/errors/index.ts';

/** Whether there is no room beside a file. */
export type IsDiskFull = (path: string) => boolean;

/**
 * SQLite's failure as a sentence; our own errors pass through unchanged. SQLite calls a disk full only where a write was
 * refused for want of room; where a flush, a truncation or the making of a file was, it names that, not why.
 */
export function describeDatabaseError(
  error: unknown,
  path: string,
  isDiskFull: IsDiskFull = () => false,
): TunebenchError {
  if (error instanceof TunebenchError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof Database.SqliteError ? error.code : '';
  const details = { cause: error };
  const mayBeFull = code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN');
  if (code === 'SQLITE_FULL' || (mayBeFull && isDiskFull(path))) {
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
