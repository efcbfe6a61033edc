import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';
import { describeChange } from '../../../src-main/contract/datasetTexts.ts';
import { localized, t } from '../../app/i18n/language.svelte.ts';
import { resolveParticles } from '../../app/i18n/particles.ts';

/** What was done to make a version, in a sentence. */
export function changeText({ change, note, source }: DatasetSummary): string {
  if (change !== undefined) return resolveParticles(localized(describeChange(change)));
  if (note !== undefined) return note;
  return source === 'labelling' ? t('history.published') : t('history.imported');
}
