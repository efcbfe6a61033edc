import { type Language, type LocalizedText, type TextParams, fillTemplate } from '../contract/text.ts';

/** The language of this machine, as its environment or its system settings say. */
export function systemLanguage(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Language {
  const locale =
    environment['LC_ALL'] ||
    environment['LC_MESSAGES'] ||
    environment['LANG'] ||
    Intl.DateTimeFormat().resolvedOptions().locale;
  return locale.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

/** A sentence in the machine's language with its values filled in. */
export function say(text: LocalizedText, params: TextParams = {}): string {
  return fillTemplate(text, systemLanguage(), params);
}
