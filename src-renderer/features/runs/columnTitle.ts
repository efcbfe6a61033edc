import { localized } from '../../app/i18n/language.svelte.ts';
import { library } from '../../app/state/library.svelte.ts';
import { metricName } from './metricName.ts';
import { splitMetricName } from './runMetrics.ts';
import { splitName } from './splitName.ts';

/** `validation.accuracy` and `learningRate` in the words of the window. */
export function columnTitle(name: string): string {
  if (name.includes('.')) {
    const { split, metric } = splitMetricName(name);
    return `${splitName(split)} · ${metricName(metric)}`;
  }
  const catalogue = library.methods.value;
  const specs = [catalogue?.training ?? {}, ...(catalogue?.methods ?? []).map(({ options }) => options)];
  const found = specs.find((options) => options[name] !== undefined)?.[name];
  return found ? localized(found.label) : metricName(name);
}
