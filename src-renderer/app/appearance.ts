import type { Settings } from '../../src-main/contract/system.ts';

/** Language and theme as remembered by this window, read by `public/appearance.js` before the first paint. */
export type Appearance = Pick<Settings, 'language' | 'theme'>;

const storageKey = 'tunebench.appearance';
const fallback: Appearance = { language: 'system', theme: 'system' };

export function parseAppearance(text: string | null): Appearance {
  if (text === null) return fallback;
  try {
    const saved: unknown = JSON.parse(text);
    if (typeof saved !== 'object' || saved === null) return fallback;
    const language = 'language' in saved ? saved.language : undefined;
    const theme = 'theme' in saved ? saved.theme : undefined;
    return {
      language: language === 'en' || language === 'ko' ? language : 'system',
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    };
  } catch {
    return fallback;
  }
}

export function readAppearance(): Appearance {
  return parseAppearance(localStorage.getItem(storageKey));
}

export function saveAppearance(change: Partial<Appearance>): void {
  localStorage.setItem(storageKey, JSON.stringify({ ...readAppearance(), ...change }));
}
