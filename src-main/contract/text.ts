import { z } from 'zod';

/** A sentence in every language the workbench speaks. Both are written by people; neither is a fallback. */
export const localizedTextSchema = z.object({ en: z.string(), ko: z.string() });
export type LocalizedText = z.infer<typeof localizedTextSchema>;
export type Language = keyof LocalizedText;

/** Replaces `{name}` in a template with the parameter of that name; unknown names stay visible. */
export function fillTemplate(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
}
