import { hostname } from 'node:os';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { TunebenchError } from '../contract/errors/index.ts';
import { writeFileAtomically } from './atomicFiles.ts';
import { isDiskFull } from './diskRoom.ts';
import { describeFileError } from './fileErrors.ts';

const ownerSchema = z.object({ pid: z.number().int(), computer: z.string(), since: z.string() });
type Owner = z.infer<typeof ownerSchema>;

/** Keeps the connections from being collected as garbage, which would open the locks. */
const heldConnections = new Set<Database.Database>();

function readOwner(path: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // The holder has not written it yet; the lock itself does not depend on it.
    return undefined;
  }
}

/**
 * Locks a folder for this process. The lock is an exclusive transaction on a small SQLite file: the operating system
 * lets go of it when the process ends in whatever way, so there is no stale lock to guess about.
 * @throws TunebenchError `platform.dataFolderInUse` naming who holds it
 */
export function lockFolder(folder: string): { release(): void } {
  const ownerPath = join(folder, 'lock.json');
  const lockPath = join(folder, 'lock.sqlite');
  let database: Database.Database | undefined;
  try {
    database = new Database(lockPath, { timeout: 0 });
    // Nothing is ever written, so no journal needs to lie beside it.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
      const owner = readOwner(ownerPath);
      throw new TunebenchError(
        'platform.dataFolderInUse',
        {
          folder,
          pid: owner?.pid ?? '?',
          computer: owner?.computer ?? '?',
          since: owner?.since ?? '?',
        },
        { cause: error },
      );
    }
    if (isDiskFull(lockPath))
      throw new TunebenchError('platform.diskFull', { path: lockPath }, { cause: error });
    if (code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY')) {
      throw new TunebenchError('platform.noPermission', { path: lockPath, detail: code }, { cause: error });
    }
    throw describeFileError(error, lockPath);
  }
  const held = database;
  heldConnections.add(held);
  const letGo = () => {
    heldConnections.delete(held);
    held.close();
  };
  const owner: Owner = { pid: process.pid, computer: hostname(), since: new Date().toISOString() };
  try {
    writeFileAtomically(ownerPath, `${JSON.stringify(owner)}\n`);
  } catch (error) {
    letGo();
    throw error;
  }
  return {
    release() {
      if (!held.open) return;
      rmSync(ownerPath, { force: true });
      letGo();
    },
  };
}
