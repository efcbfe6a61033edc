import { TunebenchError } from '../../contract/errors/index.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineFiles, FolderWriter } from '../files.ts';
import {
  readPosition,
  restoreTrainingState,
  restoreWeights,
  writeTrainingState,
} from '../formats/trainingState.ts';
import type { AdamW } from '../optim/adamw.ts';
import { type TrainingPosition, startPosition } from './position.ts';
import { isDiskFull } from './room.ts';

const namePattern = /^step-(\d+)$/;
const nameOf = (step: number): string => `step-${String(step).padStart(8, '0')}`;

/** Steps of the checkpoints in a run's folder, newest first; whether each is whole is not checked here. */
function listSteps(files: EngineFiles, folder: string): number[] {
  if (!files.exists(folder)) return [];
  return files
    .list(folder)
    .flatMap((name) => namePattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** A checkpoint in a run's folder, and why it stays when older ones are removed. */
export interface KeptCheckpoint {
  readonly step: number;
  /** Of its folder. */
  readonly name: string;
  readonly folder: string;
  readonly kinds: readonly ('last' | 'best' | 'asked')[];
}

/** The newest position that can be read; whether every byte is right is not looked at. */
function readNewest(files: EngineFiles, folders: readonly string[]): Partial<TrainingPosition> {
  for (const folder of folders) {
    try {
      return readPosition(files, folder) as Partial<TrainingPosition>;
    } catch {
      // A damaged checkpoint: the one before knows nearly as much.
    }
  }
  return {};
}

/** What a run can go on from, newest first. */
export function listCheckpoints(files: EngineFiles, runFolder: string): KeptCheckpoint[] {
  const parent = files.join(runFolder, 'checkpoints');
  const found = listSteps(files, parent).map((step) => {
    const name = nameOf(step);
    return { step, name, folder: files.join(parent, name) };
  });
  const { best, asked } = readNewest(
    files,
    found.map(({ folder }) => folder),
  );
  return found.map((each, index) => ({
    ...each,
    kinds: [
      ...(index === 0 ? (['last'] as const) : []),
      ...(best?.step === each.step ? (['best'] as const) : []),
      ...(asked?.includes(each.step) ? (['asked'] as const) : []),
    ],
  }));
}

/** The ids of the changes that had been made when a checkpoint was written. */
export function changesBefore(files: EngineFiles, folder: string): readonly string[] {
  const { steered } = readPosition(files, folder) as Partial<TrainingPosition>;
  return steered?.ids ?? [];
}

/** The checkpoints of one run: folders `step-00000100` that are either whole or not there. */
export class Checkpoints {
  private readonly files: EngineFiles;
  private readonly folder: string;
  private readonly keep: number;

  /** @param keep how many of the newest stay, besides the best */
  constructor(files: EngineFiles, folder: string, keep: number) {
    this.files = files;
    this.folder = folder;
    this.keep = keep;
  }

  /** The newest checkpoint whose hashes are right, or null. */
  findNewest(): { step: number; position: TrainingPosition } | null {
    for (const step of listSteps(this.files, this.folder)) {
      const folder = this.folderOf(step);
      if (!this.files.verifyFolder(folder)) continue;
      const saved = readPosition(this.files, folder) as Partial<TrainingPosition>;
      // Checkpoints written before a field was there lack it.
      return { step, position: { ...startPosition('', ''), ...saved } };
    }
    return null;
  }

  /**
   * Writes the run as it is.
   * @returns the checkpoint's size in bytes
   * @throws TunebenchError `run.checkpointFailed`, or `platform.diskFull`; older checkpoints are intact then
   */
  write(
    writer: FolderWriter,
    position: TrainingPosition,
    parameters: readonly Parameter[],
    optimizer: AdamW,
  ): number {
    const folder = this.folderOf(position.step);
    return this.attempt(position.step, () =>
      writeTrainingState(writer, folder, { position, parameters, optimizer }),
    );
  }

  /** Removes checkpoints before this position: all but the newest, the best and those that were asked for. */
  removeOld(position: TrainingPosition): void {
    try {
      const steps = listSteps(this.files, this.folder).filter((step) => step <= position.step);
      const kept = new Set([...steps.slice(0, this.keep), position.best?.step, ...position.asked]);
      for (const step of steps) if (!kept.has(step)) this.files.removeFolder(this.folderOf(step));
    } catch {
      // One too many is no reason to end a run: it goes after the next checkpoint.
    }
  }

  /** Whether the checkpoint of a step is there, with every byte right. */
  isWhole(step: number): boolean {
    const folder = this.folderOf(step);
    return this.files.exists(folder) && this.files.verifyFolder(folder);
  }

  folderOf(step: number): string {
    return this.files.join(this.folder, nameOf(step));
  }

  restore(step: number, backend: Backend, parameters: readonly Parameter[], optimizer: AdamW): void {
    restoreTrainingState(this.files, this.folderOf(step), backend, { parameters, optimizer });
  }

  restoreWeights(step: number, backend: Backend, parameters: readonly Parameter[]): void {
    restoreWeights(this.files, this.folderOf(step), backend, parameters);
  }

  removeAll(): void {
    this.files.removeFolder(this.folder);
  }

  private attempt<Result>(step: number, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (isDiskFull(error)) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      const details = { step, folder: this.folderOf(step), detail };
      throw new TunebenchError('run.checkpointFailed', details, { cause: error });
    }
  }
}
