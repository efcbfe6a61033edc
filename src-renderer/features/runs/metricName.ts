import { show, t } from '../../app/i18n/language.svelte.ts';
import { type MessageKey, catalogue } from '../../app/i18n/messages/catalogue.ts';
import { isByteMetric, isShareMetric } from './runMetrics.ts';

type MetricKey = Extract<MessageKey, `metric.${string}`>;

function isMetricKey(key: string): key is MetricKey {
  return key in catalogue;
}

/** A metric's name in the current language; one this build does not know keeps its own. */
export function metricName(metric: string): string {
  const key = `metric.${metric}`;
  return isMetricKey(key) ? t(key) : metric;
}

export function metricValue(metric: string, value: number | null | undefined): string {
  if (isByteMetric(metric)) return show.bytes(value);
  return isShareMetric(metric) ? show.share(value) : show.metric(value);
}
