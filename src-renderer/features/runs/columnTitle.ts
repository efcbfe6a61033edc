import { localized } from '../../app/i18n/language.svelte.ts';
import { metricName } from './metricName.ts';
import { splitMetricName } from './runMetrics.ts';
import { specOfSetting } from './settingText.ts';
import { splitName } from './splitName.ts';

/** `validation.accuracy` and `learningRate` in the words of the window. */
export function columnTitle(name: string): string {
  if (name.includes('.')) {
    const { split, metric } = splitMetricName(name);
    return `${splitName(split)} · ${metricName(metric)}`;
  }
  const found = specOfSetting(name);
  return found ? localized(found.label) : metricName(name);
}
