import type { Language } from '../../../src-main/contract/text.ts';
import { resolveParticles } from './particles.ts';

/** A sentence, or its singular and plural where the language tells them apart by `{count}`. */
export type Sentence = string | { readonly one: string; readonly other: string };
export interface Message {
  readonly en: Sentence;
  readonly ko: string;
}
export type Messages = Readonly<Record<string, Message>>;

/** The names in braces of a template, as a type: `'{a} of {b}'` → `'a' | 'b'`. */
export type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

export type ParameterNames<Entry extends Message> = Entry['en'] extends string
  ? NamesIn<Entry['en']>
  : Entry['en'] extends { readonly other: infer Other extends string }
    ? NamesIn<Other>
    : never;

export type Parameters = Readonly<Record<string, string | number>>;

const pluralRules = { en: new Intl.PluralRules('en'), ko: new Intl.PluralRules('ko') } as const;
const numberFormats = { en: new Intl.NumberFormat('en'), ko: new Intl.NumberFormat('ko') } as const;

function chooseSentence(sentence: Sentence, language: Language, parameters: Parameters): string {
  if (typeof sentence === 'string') return sentence;
  const count = Number(parameters['count'] ?? 0);
  return pluralRules[language].select(count) === 'one' ? sentence.one : sentence.other;
}

/** Says a message in a language, with numbers grouped and Korean particles fitted to the word before them. */
export function say(message: Message, language: Language, parameters: Parameters = {}): string {
  const template = chooseSentence(message[language], language, parameters);
  const filled = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numberFormats[language].format(value) : value;
  });
  return language === 'ko' ? resolveParticles(filled) : filled;
}
