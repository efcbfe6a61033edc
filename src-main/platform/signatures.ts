import type { FolderListing } from '../contract/system.ts';
import type { BackendChoice } from '../contract/worker.ts';
import type { FileSystem } from './fileSystem.ts';

// dataFolder.ts
/** TUNEBENCH_HOME, else the operating system's application-data folder; absolute, not created. */
export declare function dataFolderPath(environment?: Readonly<Record<string, string | undefined>>): string;
export interface DataFolder {
  readonly path: string;
  readonly databasePath: string;
  readonly modelsPath: string;
  readonly runsPath: string;
  readonly uploadsPath: string;
  readonly logsPath: string;
  runPath(runId: string): string;
  /** Lets another host use the folder. */
  release(): void;
}
/** Creates the folder and locks it for this process; throws `platform.dataFolderInUse` naming who has it. */
export declare function openDataFolder(path: string): DataFolder;

// engineFiles.ts: structurally the engine's EngineFiles
export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, length: number): Uint8Array;
  close(): void;
}
export declare function openByteSource(path: string, fileSystem?: FileSystem): ByteSource;
/** The engine's `EngineFiles` on this machine's disk. */
export declare function createEngineFiles(fileSystem?: FileSystem): {
  join(...parts: string[]): string;
  exists(path: string): boolean;
  list(folder: string): string[];
  open(path: string): ByteSource;
  readText(path: string): string;
  readLines(path: string): Iterable<string>;
  writeFolder(
    target: string,
    write: (file: (name: string) => { write(bytes: Uint8Array): void }) => void,
  ): number;
  verifyFolder(folder: string): boolean;
  removeFolder(folder: string): void;
};

// atomicFiles.ts
export declare function writeFileAtomically(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
  fileSystem?: FileSystem,
): void;

// files.ts: plain reading for services
export declare function readChunks(path: string): AsyncIterable<Uint8Array>;
export declare function copyFolder(
  from: string,
  to: string,
  onProgress?: (doneBytes: number) => void,
): Promise<void>;
/** SHA-256 in hex of a file's bytes. */
export declare function hashFile(path: string): Promise<string>;
/** Names (relative, `/` between parts) and sizes of all files below a folder. */
export declare function filesBelow(folder: string): { name: string; sizeBytes: number }[];

// hardware.ts
export declare function processorCores(): number;
/** Memory this process may use: the machine's, or its container's limit where that is lower. */
export declare function usableMemoryBytes(): number;
export declare function freeDiskBytes(path: string): number;
/** Largest resident memory a process has had so far, this one by default; undefined where the system does not say. */
export declare function peakMemoryBytes(processId?: number): number | undefined;
export interface GpuProbe {
  readonly gpus: readonly { name: string; memoryBytes: number }[];
  /** Why there are none, or how they were found. */
  readonly reason: string;
}
export declare function probeGpus(): Promise<GpuProbe>;

// setupRecord.ts
export interface SetupRecord {
  readonly backend: BackendChoice;
  readonly libraryVersion: string;
  readonly reason: string;
  readonly cuda: boolean;
}
/** What set-up found; without a record the portable backend, with the reason. */
export declare function readSetupRecord(applicationFolder: string): SetupRecord;

// paths.ts
/** The real path of something from outside (links resolved); throws where it is missing, of the wrong kind, or outside `allowedRoots`. */
export declare function resolveOutsidePath(
  path: string,
  options?: { kind?: 'file' | 'folder'; allowedRoots?: readonly string[] },
): string;
/** A path below `root` for a name from outside; throws where it would leave it. Nothing needs to exist yet. */
export declare function pathBelow(root: string, name: string): string;
/** A name from outside as one safe file name. */
export declare function safeFileName(name: string): string;
/** Without a path, the person's home folder. */
export declare function listFolder(
  path: string | undefined,
  places?: readonly { name: string; path: string }[],
): FolderListing;

// log.ts
export interface Log {
  write(
    level: 'info' | 'warning' | 'error',
    event: string,
    details?: Readonly<Record<string, unknown>>,
  ): void;
  close(): void;
}
export declare function openLog(folder: string): Log;

// download.ts
/** The Hub's address: TUNEBENCH_HUB or https://huggingface.co. */
export declare function hubAddress(): string;
/** `GET` of JSON from the Hub (path begins with `/`), hosts checked after every redirect. */
export declare function fetchHubJson(path: string, options?: { signal?: AbortSignal }): Promise<unknown>;
export interface DownloadOptions {
  /** Path on the Hub, such as `/owner/name/resolve/main/config.json`. */
  readonly hubPath: string;
  readonly target: string;
  readonly sizeBytes?: number;
  readonly sha256?: string | null;
  readonly signal?: AbortSignal;
  /** Bytes of this file on disk so far. */
  readonly onProgress?: (doneBytes: number) => void;
}
/** Downloads one file to `target`, going on with a part left by an earlier try, and checks size and SHA-256. */
export declare function downloadFile(options: DownloadOptions): Promise<void>;
