import { bytesText } from '../../contract/bytesText.ts';
import { TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import type { EngineFiles, FolderWriter } from '../files.ts';
import type { TrainingControl } from './control.ts';
import type { Observer } from './observer.ts';
import type { TrainingPosition } from './position.ts';

/** How often a waiting run looks whether there is room. */
const lookEveryMs = 2_000;

/** What it takes to wait for room on a disk, and to say so. */
export interface RoomSetup {
  readonly files: EngineFiles;
  readonly control: TrainingControl;
  readonly observer: Observer;
  readonly position: TrainingPosition;
}

export function isDiskFull(error: unknown): error is TunebenchError {
  return error instanceof TunebenchError && error.code === 'platform.diskFull';
}

/** The bytes that `write` would put on a disk. */
function measure(write: (writer: FolderWriter) => unknown): number {
  let neededBytes = 0;
  write({
    writeFolder(_target, fill) {
      fill(() => ({ write: (bytes) => void (neededBytes += bytes.byteLength) }));
      return neededBytes;
    },
  });
  return neededBytes;
}

/** Settles when there is more room than there was, and enough, or when somebody says what to do. */
async function waitForRoom(
  { files, control }: RoomSetup,
  folder: string,
  { neededBytes, freeBytes }: { neededBytes: number; freeBytes: number },
): Promise<'room' | 'continue' | 'stop'> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const room = new Promise<'room'>((resolve) => {
    timer = setInterval(() => {
      const nowBytes = files.freeBytes(folder);
      if (nowBytes >= neededBytes && nowBytes > freeBytes) resolve('room');
    }, lookEveryMs);
  });
  try {
    return await Promise.race([room, control.untilTold()]);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Writes a folder, and where the disk is full keeps everything in memory and stands still until there is room: by
 * itself once enough bytes are free, at once when told to go on. `paused` tells which folder, how many bytes are needed
 * and how many are free.
 * @param write may be called several times, also only to count bytes
 * @throws TunebenchError `run.endedWithoutRoom` when told to stop meanwhile; whatever else `write` throws
 */
export async function writeWhenThereIsRoom<Result>(
  setup: RoomSetup,
  folder: string,
  write: (writer: FolderWriter) => Result,
): Promise<Result> {
  const { files, observer, position } = setup;
  let paused = false;
  let tellsAgain = true;
  for (;;) {
    try {
      const result = write(files);
      if (paused) observer.tell({ event: 'resumed', step: position.step });
      return result;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      const room = { neededBytes: measure(write), freeBytes: files.freeBytes(folder) };
      const sizes = { needed: bytesText(room.neededBytes), free: bytesText(room.freeBytes) };
      const params = { folder, step: position.step, ...sizes };
      if (tellsAgain) {
        const problem = describeProblem('run.diskFull', params);
        observer.tell({ event: 'paused', step: position.step, problem });
      }
      paused = true;
      const told = await waitForRoom(setup, folder, room);
      if (told === 'stop') throw new TunebenchError('run.endedWithoutRoom', params, { cause: error });
      tellsAgain = told === 'continue';
    }
  }
}
