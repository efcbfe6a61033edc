import type { Settings } from '../../src-main/contract/system.ts';
import { client } from '../rpc/client.ts';
import { pendingWrites } from '../rpc/pendingWrites.ts';
import { language } from './i18n/language.svelte.ts';
import { theme } from './theme.svelte.ts';

/** What was chosen in this window: an answer of the host that is on its way knows less. */
const chosenHere: Partial<Pick<Settings, 'language' | 'theme'>> = {};

function save(change: typeof chosenHere): void {
  Object.assign(chosenHere, change);
  const saved = client.system.saveSettings(change).catch(() => undefined);
  pendingWrites.add(saved);
}

/** Changes the language here at once and for the next start; the window stays usable when saving fails. */
export function saveLanguage(value: string): void {
  const choice = value === 'en' || value === 'ko' ? value : 'system';
  language.choose(choice);
  save({ language: choice });
}

export function saveTheme(value: string): void {
  const choice = value === 'light' || value === 'dark' ? value : 'system';
  theme.choose(choice);
  save({ theme: choice });
}

/** Takes over what was chosen in other windows; this window's own memory only bridges the first paint. */
export async function loadPreferences(): Promise<void> {
  const known = { ...(await client.system.settings()), ...chosenHere };
  language.choose(known.language);
  theme.choose(known.theme);
}
