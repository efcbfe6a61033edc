import type { OptionSpec } from '../../../src-main/contract/options.ts';
import { localized, t } from '../../app/i18n/language.svelte.ts';
import { library } from '../../app/state/library.svelte.ts';
import { textOfValue } from '../train/optionValues.ts';

/** What is known of a setting of training, of any method or of any task, by its name. */
export function specOfSetting(name: string): OptionSpec | undefined {
  const { training = {}, methods = [], objectives = [] } = library.methods.value ?? {};
  const places = [
    training,
    ...methods.map(({ options }) => options),
    ...objectives.map(({ options }) => options),
  ];
  return places.find((specs) => Object.hasOwn(specs, name))?.[name];
}

/** The value of a setting in the words of the form it was set in. */
export function settingText(value: unknown, spec: OptionSpec | undefined): string {
  if (spec?.type === 'choice') {
    const choice = spec.choices.find((candidate) => candidate.value === value);
    if (choice) return localized(choice.label);
  }
  if (typeof value === 'boolean') return value ? t('common.on') : t('common.off');
  return value === undefined || value === null ? '–' : textOfValue(value) || '–';
}
