import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { BackendChoice } from '../contract/worker.ts';
import { systemErrorCode } from './fileErrors.ts';

const recordSchema = z.object({
  backend: z.enum(['tensorflow', 'portable']),
  reason: z.string().nullish(),
  libraryVersion: z.string().nullish(),
  bindingPath: z.string().nullish(),
  kernelsPath: z.string().nullish(),
  cuda: z.boolean().nullish(),
  cudaReason: z.string().nullish(),
});

/** What set-up found on this machine. */
export interface SetupRecord {
  readonly backend: BackendChoice;
  readonly libraryVersion: string;
  /** Why this backend. */
  readonly reason: string;
  /** The fused kernels' library, where it was built. */
  readonly kernelsPath: string | undefined;
  /** Whether the CUDA build of the library is installed. */
  readonly cuda: boolean;
  readonly cudaReason: string | undefined;
}

function portable(reason: string): SetupRecord {
  return {
    backend: { kind: 'portable' },
    libraryVersion: 'portable',
    reason,
    kernelsPath: undefined,
    cuda: false,
    cudaReason: undefined,
  };
}

/**
 * Reads the record `build/setup.mjs` leaves in `node_modules`. Without one that can be used the portable backend is
 * chosen, and `reason` says why; never throws.
 */
export function readSetupRecord(applicationFolder: string): SetupRecord {
  const path = join(applicationFolder, 'node_modules', '.tunebench-setup.json');
  let found: z.infer<typeof recordSchema>;
  try {
    found = recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    return portable(
      systemErrorCode(error) === 'ENOENT'
        ? 'Set-up has not run yet: npm run setup installs the fast backend.'
        : `The set-up record ${path} cannot be read: run npm run setup again.`,
    );
  }
  if (found.backend === 'portable') return portable(found.reason ?? 'Chosen by set-up.');
  if (!found.bindingPath) {
    return portable(`The set-up record ${path} names no binding: run npm run setup again.`);
  }
  return {
    backend: { kind: 'tensorflow', bindingPath: found.bindingPath },
    libraryVersion: found.libraryVersion ?? '?',
    reason: found.reason ?? 'libtensorflow is installed and its binding loads.',
    kernelsPath: found.kernelsPath ?? undefined,
    cuda: found.cuda ?? false,
    cudaReason: found.cudaReason ?? undefined,
  };
}
