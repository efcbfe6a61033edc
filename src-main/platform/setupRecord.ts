import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type LocalizedText, localizedTextSchema } from '../contract/text.ts';
import type { BackendChoice } from '../contract/worker.ts';
import { systemErrorCode } from './fileErrors.ts';

const recordSchema = z.object({
  backend: z.enum(['tensorflow', 'portable']),
  reason: localizedTextSchema.nullish(),
  libraryVersion: z.string().nullish(),
  bindingPath: z.string().nullish(),
  kernelsPath: z.string().nullish(),
  cuda: z.boolean().nullish(),
  cudaReason: localizedTextSchema.nullish(),
});

/** What set-up found on this machine. */
export interface SetupRecord {
  readonly backend: BackendChoice;
  readonly libraryVersion: string;
  /** Why this backend. */
  readonly reason: LocalizedText;
  /** Whether the CUDA build of the library is installed. */
  readonly cuda: boolean;
  readonly cudaReason: LocalizedText | undefined;
}

function portable(reason: LocalizedText): SetupRecord {
  return {
    backend: { kind: 'portable' },
    libraryVersion: 'portable',
    reason,
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
        ? {
            en: 'Set-up has not run yet: npm run setup installs the fast backend.',
            ko: '아직 설치 과정을 실행하지 않았습니다. npm run setup을 실행하면 빠른 백엔드가 설치됩니다.',
          }
        : {
            en: `The set-up record ${path} cannot be read: run npm run setup again.`,
            ko: `설치 기록 ${path}을(를) 읽을 수 없습니다. npm run setup을 다시 실행하세요.`,
          },
    );
  }
  if (found.backend === 'portable')
    return portable(found.reason ?? { en: 'Chosen by set-up.', ko: '설치 과정에서 고른 백엔드입니다.' });
  if (!found.bindingPath) {
    return portable({
      en: `The set-up record ${path} names no binding: run npm run setup again.`,
      ko: `설치 기록 ${path}에 바인딩이 없습니다. npm run setup을 다시 실행하세요.`,
    });
  }
  return {
    backend: {
      kind: 'tensorflow',
      bindingPath: found.bindingPath,
      ...(found.kernelsPath ? { kernelsPath: found.kernelsPath } : {}),
    },
    libraryVersion: found.libraryVersion ?? '?',
    reason: found.reason ?? {
      en: 'libtensorflow is installed and its binding loads.',
      ko: 'libtensorflow가 설치되어 있고 바인딩도 정상입니다.',
    },
    cuda: found.cuda ?? false,
    cudaReason: found.cudaReason ?? undefined,
  };
}
