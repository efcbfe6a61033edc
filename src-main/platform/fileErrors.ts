import { TunebenchError } from '../contract/errors/index.ts';

/** The system's error code (`ENOSPC`, `EACCES`, …) of a thrown value, if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A file system's refusal as a sentence for a person; our own errors pass through unchanged. */
export function describeFileError(error: unknown, path: string): TunebenchError {
  if (error instanceof TunebenchError) return error;
  const code = systemErrorCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new TunebenchError('platform.diskFull', { path }, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new TunebenchError('platform.noPermission', { path, detail: code }, { cause: error });
    case 'ENOENT':
      return new TunebenchError('platform.missing', { path }, { cause: error });
    case 'ENOTDIR':
      return new TunebenchError('platform.notAFolder', { path }, { cause: error });
    case 'EISDIR':
      return new TunebenchError('platform.notAFile', { path }, { cause: error });
    default: {
      const detail = error instanceof Error ? error.message : String(error);
      return new TunebenchError('platform.fileFailed', { path, detail }, { cause: error });
    }
  }
}

/** Runs file work on `path`, turning the system's refusals into sentences. */
export function withFileErrors<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw describeFileError(error, path);
  }
}
