import type { SystemInfo } from '../../../src-main/contract/system.ts';
import { t } from '../../app/i18n/language.svelte.ts';

export function backendName(system: Pick<SystemInfo, 'backend'>): string {
  const version = system.backend.libraryVersion;
  return system.backend.kind === 'tensorflow'
    ? t('home.backendTensorflow', { version })
    : t('home.backendPortable', { version });
}
