import { t } from '../../app/i18n/language.svelte.ts';

const names = {
  train: 'split.train',
  validation: 'split.validation',
  test: 'split.test',
  watch: 'split.watch',
  process: 'load.process',
  machine: 'load.machine',
  gpu: 'load.gpu',
} as const;

function isNamed(part: string): part is keyof typeof names {
  return part in names;
}

/** What a curve or a number is of: a part of the data, or whose load it is. */
export function splitName(part: string): string {
  return isNamed(part) ? t(names[part]) : part;
}
