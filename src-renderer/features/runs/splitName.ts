import { t } from '../../app/i18n/language.svelte.ts';

export function splitName(split: string): string {
  return split === 'train' || split === 'validation' || split === 'test' ? t(`split.${split}`) : split;
}
