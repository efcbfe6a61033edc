import { t } from './language.svelte.ts';
import { catalogue } from './messages/catalogue.ts';

const samples = [
  'sample.householdRequests',
  'sample.kitchenAnswers',
  'sample.tinyEncoder',
  'sample.tinyDecoder',
] as const;

/**
 * The name of a model, a dataset or a labelling as people read it: what ships with the workbench is called in their
 * language, also where a number behind the name tells folds or rounds apart.
 */
export function shownName(name: string): string {
  const [, base = name, behind = ''] = /^(.*?)( \(\d+(?:\/\d+)?\))?$/.exec(name) ?? [];
  const key = samples.find((sample) => catalogue[sample].en === base);
  return key === undefined ? name : `${t(key)}${behind}`;
}
