import { show, t } from '../i18n/language.svelte.ts';
import { shownName } from '../i18n/sampleNames.ts';
import { library } from './library.svelte.ts';

/** The datasets there are, as a list to choose from. */
export function datasetChoices() {
  return (library.datasets.value ?? []).map(({ id, name, rows }) => ({
    value: id,
    label: shownName(name),
    detail: t('common.rows', { count: rows }),
  }));
}

/** The base models there are, as a list to choose from. */
export function modelChoices() {
  return (library.models.value ?? []).map(({ id, name, modelType, parameters }) => ({
    value: id,
    label: shownName(name),
    detail: `${modelType} · ${show.compact(parameters)}`,
  }));
}
