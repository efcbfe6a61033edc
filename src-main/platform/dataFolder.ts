import { homedir } from 'node:os';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cleanLeftovers } from './atomicFiles.ts';
import { withFileErrors } from './fileErrors.ts';
import { nodeFileSystem } from './fileSystem.ts';
import { lockFolder } from './folderLock.ts';
import { nameParts } from './names.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `TUNEBENCH_HOME`, else the operating system's folder for application data; absolute, not created. */
export function dataFolderPath(
  environment: Environment = process.env,
  system: NodeJS.Platform = process.platform,
): string {
  const chosen = environment['TUNEBENCH_HOME'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const home = homedir();
  switch (system) {
    case 'win32':
      return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Tunebench');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Tunebench');
    default:
      return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'tunebench');
  }
}

/** Where everything of a data folder lies. */
export interface DataFolder {
  readonly path: string;
  readonly databasePath: string;
  readonly modelsPath: string;
  readonly runsPath: string;
  /** Adapters that no run made: combined and imported ones. */
  readonly adaptersPath: string;
  readonly uploadsPath: string;
  readonly logsPath: string;
  /** What base models made of texts; can be made again. */
  readonly featuresPath: string;
  runPath(runId: string): string;
  /** Lets another host use the folder. */
  release(): void;
}

function cleanRunFolder(runFolder: string): void {
  for (const parent of [runFolder, join(runFolder, 'checkpoints')]) {
    if (nodeFileSystem.status(parent)?.kind === 'folder') cleanLeftovers(parent);
  }
}

/**
 * Creates the folder, locks it for this process and clears what a crash left.
 * @throws TunebenchError `platform.dataFolderInUse` naming who has it, or why it cannot be written
 */
export function openDataFolder(path: string): DataFolder {
  const folder = resolve(path);
  const below = (name: string) => join(folder, name);
  withFileErrors(folder, () => mkdirSync(folder, { recursive: true }));
  const lock = lockFolder(folder);
  try {
    for (const name of ['models', 'runs', 'adapters', 'uploads', 'logs', 'features']) {
      withFileErrors(below(name), () => mkdirSync(below(name), { recursive: true }));
    }
    for (const parent of [folder, below('models'), below('runs'), below('adapters')]) cleanLeftovers(parent);
    for (const run of nodeFileSystem.list(below('runs'))) cleanRunFolder(join(below('runs'), run));
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    path: folder,
    databasePath: below('tunebench.sqlite'),
    modelsPath: below('models'),
    runsPath: below('runs'),
    adaptersPath: below('adapters'),
    uploadsPath: below('uploads'),
    logsPath: below('logs'),
    featuresPath: below('features'),
    runPath: (runId) => join(below('runs'), ...nameParts(runId)),
    release: () => lock.release(),
  };
}
