import type { DataFolder, Log, SetupRecord, WorkerLauncher, createEngineFiles } from '../platform/index.ts';
import type { SystemInfo } from '../contract/system.ts';
import type { Store } from '../store/store.ts';

/** What every use case stands on; made once per host by `openServices`. */
export interface ServiceContext {
  readonly host: SystemInfo['host'];
  readonly version: string;
  readonly store: Store;
  readonly dataFolder: DataFolder;
  readonly files: ReturnType<typeof createEngineFiles>;
  readonly setup: SetupRecord;
  readonly launcher: WorkerLauncher;
  readonly log: Log;
  /** The models and datasets shipped with the workbench. */
  readonly samplesFolder: string;
}
