import { TunebenchError } from '../contract/errors/index.ts';
import {
  type BackupManifest,
  createEngineFiles,
  isDiskFull,
  filesBelow,
  nodeFileSystem,
  placeFileAtomically,
  quietly,
  readBackup,
  withFileErrors,
  writeBackup,
  writeFileAtomically,
} from '../platform/index.ts';
import { openStore } from '../store/store.ts';
import type { ServiceContext } from './context.ts';

const databaseName = 'tunebench.sqlite';
/** What can be made again, belongs to this process, or is only half there. */
const leftOut = /^(logs|uploads|features)\/|(^|\/)\.|\.(tmp|part)$|^lock\.|^tunebench\.sqlite/;

/** The whole workbench as one file, and back. */
export function createBackupService(context: ServiceContext) {
  const { dataFolder, store, files } = context;
  return {
    /**
     * Writes everything of the data folder into one file: models, data, labels, runs and their results.
     * @throws TunebenchError `run.backupWhileTraining`, `run.exportExists`
     */
    async create(path: string): Promise<{ path: string; sizeBytes: number; files: number }> {
      const active = store.runs.withStatus('preparing', 'running', 'paused');
      const [first] = active;
      if (first !== undefined) throw new TunebenchError('run.backupWhileTraining', { name: first.name });
      if (nodeFileSystem.status(path) !== undefined) throw new TunebenchError('run.exportExists', { path });
      // The next start clears what a crash leaves of it.
      const scratch = files.join(dataFolder.path, '.backup.part');
      const snapshot = files.join(scratch, databaseName);
      files.removeFolder(scratch);
      try {
        withFileErrors(scratch, () => nodeFileSystem.makeFolder(scratch));
        store.copyTo(snapshot);
        const sizeBytes = nodeFileSystem.status(snapshot)?.sizeBytes ?? 0;
        const others = filesBelow(dataFolder.path)
          .filter(({ name }) => !leftOut.test(name) && files.join(dataFolder.path, name) !== path)
          .map(({ name, sizeBytes }) => ({ name, sizeBytes, path: files.join(dataFolder.path, name) }));
        const database = { name: databaseName, path: snapshot, sizeBytes };
        return { path, ...(await writeBackup(path, dataFolder.path, [database, ...others])) };
      } catch (error) {
        // Nothing was here before; what has its name, but perhaps not on the disk, is no backup to rely on.
        quietly(() => nodeFileSystem.remove(path));
        throw error;
      } finally {
        quietly(() => nodeFileSystem.remove(scratch));
      }
    },
  };
}

/** Paths inside the data folder, which stand in the database and in jobs, follow it to its new place. */
function moveIn(part: string, folder: string, manifest: BackupManifest): void {
  const files = createEngineFiles();
  const moved = (path: string) =>
    path.startsWith(manifest.folder) ? folder + path.slice(manifest.folder.length) : path;
  const store = openStore(files.join(part, databaseName), { placeFile: placeFileAtomically, isDiskFull });
  try {
    store.transaction(() => {
      for (const model of store.models.list().reverse()) {
        if (moved(model.folder) === model.folder) continue;
        store.models.remove(model.id);
        store.models.insert({ ...model, folder: moved(model.folder) });
      }
    });
  } finally {
    store.close();
  }
  for (const { name } of manifest.files.filter(({ name }) => /^runs\/[^/]+\/job\.json$/.test(name))) {
    const path = files.join(part, name);
    const job: unknown = JSON.parse(files.readText(path), (_key, value: unknown) =>
      typeof value === 'string' ? moved(value) : value,
    );
    writeFileAtomically(path, JSON.stringify(job, null, 2));
  }
}

/**
 * Makes a data folder of a backup, every file compared with its hash. The folder must be new or empty, and no host may
 * be open on it.
 * @throws TunebenchError `platform.backupDamaged`, `platform.folderNotEmpty`
 */
export function restoreBackup(path: string, folder: string): { files: number; createdAt: string } {
  const manifest = readBackup(path, folder, (part, found) => {
    if (found.folder !== folder) moveIn(part, folder, found);
  });
  return { files: manifest.files.length, createdAt: manifest.createdAt };
}
