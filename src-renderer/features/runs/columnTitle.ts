import { factNames, parseColumn } from '../../../src-main/contract/runValues.ts';
import type { RunStatus } from '../../../src-main/contract/runs.ts';
import { localized, show, t } from '../../app/i18n/language.svelte.ts';
import { type MessageKey, catalogue } from '../../app/i18n/messages/catalogue.ts';
import { shownName } from '../../app/i18n/sampleNames.ts';
import { methodName } from '../../app/state/methodName.ts';
import { metricName, metricValue } from './metricName.ts';
import { splitMetricName } from './runMetrics.ts';
import { statusTones } from './runStatus.ts';
import { settingText, specOfSetting } from './settingText.ts';
import { splitName } from './splitName.ts';

type FactKey = Extract<MessageKey, `column.${string}`>;

function isFactKey(key: string): key is FactKey {
  return key in catalogue;
}

/** `validation.accuracy`, `best(train.loss)`, `learningRate` and `model` in the words of the window. */
export function columnTitle(column: string): string {
  const { reducer, name } = parseColumn(column);
  if (reducer !== 'last') return `${columnTitle(name)} · ${t(`runs.reducer.${reducer}`)}`;
  if (name.includes('.')) {
    const { split, metric } = splitMetricName(name);
    return `${splitName(split)} · ${metricName(metric)}`;
  }
  const spec = specOfSetting(name);
  if (spec) return localized(spec.label);
  const key = `column.${name}`;
  return factNames.includes(name) && isFactKey(key) ? t(key) : metricName(name);
}

const isStatus = (value: unknown): value is RunStatus => typeof value === 'string' && value in statusTones;

/** What stands in a cell of a column. */
export function columnText(column: string, value: unknown): string {
  if (value === undefined) return '–';
  const { name } = parseColumn(column);
  const spec = specOfSetting(name);
  if (spec === undefined && typeof value === 'number') {
    return name === 'seconds'
      ? show.duration(value * 1000)
      : metricValue(splitMetricName(name).metric, value);
  }
  if (name === 'method') return methodName(String(value));
  if (name === 'model' || name === 'data') return shownName(String(value));
  if (name === 'status' && isStatus(value)) return t(`status.${value}`);
  return settingText(value, spec);
}
