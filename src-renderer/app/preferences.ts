import { client } from '../rpc/client.ts';
import { language } from './i18n/language.svelte.ts';
import { theme } from './theme.svelte.ts';

/** Changes the language here at once and for the next start; the window stays usable when saving fails. */
export function saveLanguage(value: string): void {
  const choice = value === 'en' || value === 'ko' ? value : 'system';
  language.choose(choice);
  client.system.saveSettings({ language: choice }).catch(() => undefined);
}

export function saveTheme(value: string): void {
  const choice = value === 'light' || value === 'dark' ? value : 'system';
  theme.choose(choice);
  client.system.saveSettings({ theme: choice }).catch(() => undefined);
}
