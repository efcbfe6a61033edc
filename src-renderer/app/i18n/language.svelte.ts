import { type Problem, localizeProblem } from '../../../src-main/contract/errors/index.ts';
import type { Language, LocalizedText } from '../../../src-main/contract/text.ts';
import { type Appearance, readAppearance, saveAppearance } from '../appearance.ts';
import { koreanKind } from './expectedKinds.ts';
import * as format from './format.ts';
import { type ParameterNames, type Parameters, say } from './message.ts';
import { type MessageKey, catalogue } from './messages/catalogue.ts';
import { resolveParticles } from './particles.ts';

export type LanguageChoice = Appearance['language'];

function systemLanguage(): Language {
  return /^ko\b/i.test(navigator.language) ? 'ko' : 'en';
}

class LanguageState {
  choice = $state<LanguageChoice>(readAppearance().language);
  readonly current = $derived<Language>(this.choice === 'system' ? systemLanguage() : this.choice);

  choose(choice: LanguageChoice): void {
    this.choice = choice;
    saveAppearance({ language: choice });
    document.documentElement.lang = this.current;
  }
}

export const language = new LanguageState();

type ParametersOf<Key extends MessageKey> = ParameterNames<(typeof catalogue)[Key]>;

/** The sentence of this key in the current language; in a template it follows a change of language. */
export function t<Key extends MessageKey>(
  key: Key,
  ...[parameters]: [ParametersOf<Key>] extends [never]
    ? []
    : [Readonly<Record<ParametersOf<Key>, string | number>>]
): string {
  return say(catalogue[key], language.current, parameters as Parameters | undefined);
}

/** A text that came from the host in both languages. */
export function localized(text: LocalizedText): string {
  return text[language.current];
}

export function sayProblem(problem: Problem): { message: string; hint: string } {
  if (language.current === 'en') return localizeProblem(problem, 'en');
  const { expected } = problem.params;
  const params =
    typeof expected === 'string' ? { ...problem.params, expected: koreanKind(expected) } : problem.params;
  const text = localizeProblem({ ...problem, params }, 'ko');
  return { message: resolveParticles(text.message), hint: resolveParticles(text.hint) };
}

/** The formats of the current language. */
export const show = {
  number: (value: number | null | undefined, digits?: number) =>
    format.formatNumber(value, language.current, digits),
  compact: (value: number | null | undefined) => format.formatCompact(value, language.current),
  share: (value: number | null | undefined) => format.formatShare(value, language.current),
  shareTick: (value: number, span: number) => format.formatShareTick(value, span, language.current),
  bytes: (value: number | null | undefined) => format.formatBytes(value, language.current),
  metric: (value: number | null | undefined) => format.formatMetric(value, language.current),
  duration: (value: number | null | undefined) => format.formatDuration(value, language.current),
  dateTime: (iso: string | null | undefined) => format.formatDateTime(iso, language.current),
  time: (iso: string) => format.formatTime(iso, language.current),
  moment: (time: number) => format.formatMoment(time, language.current),
  relative: (iso: string | null | undefined) => format.formatRelative(iso, language.current),
};
