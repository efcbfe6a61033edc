import { z } from 'zod';

/** A sentence in every language the workbench speaks. Both are written by people; neither is a fallback. */
export const localizedTextSchema = z.object({ en: z.string(), ko: z.string() });
export type LocalizedText = z.infer<typeof localizedTextSchema>;
export type Language = keyof LocalizedText;

/** What stands in the places of a sentence; what is itself said in every language follows the sentence's. */
export const textParamsSchema = z.record(z.string(), z.union([z.string(), z.number(), localizedTextSchema]));
export type TextParams = Readonly<z.infer<typeof textParamsSchema>>;

/** Replaces `{name}` in a template with the parameter of that name; unknown names stay visible. */
export function fillTemplate(text: LocalizedText, language: Language, params: TextParams): string {
  return text[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return typeof value === 'object' ? value[language] : String(value ?? whole);
  });
}

/** The beginning of a text of more than so many characters. */
export function shortenText(text: string, mostCharacters: number): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

/** What every language writes alike, such as an id. */
export function sameText(text: string): LocalizedText {
  return { en: text, ko: text };
}

export function joinTexts(texts: readonly LocalizedText[]): LocalizedText {
  return { en: texts.map(({ en }) => en).join(', '), ko: texts.map(({ ko }) => ko).join(', ') };
}

/** `fillTemplate` in every language. */
export function fillText(text: LocalizedText, params: TextParams): LocalizedText {
  return { en: fillTemplate(text, 'en', params), ko: fillTemplate(text, 'ko', params) };
}
