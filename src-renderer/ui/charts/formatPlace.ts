import type { ChartAxis } from '../../../src-main/contract/runs.ts';
import type { Language } from '../../../src-main/contract/text.ts';
import { formatCompact, formatDuration, formatNumber, formatTime } from '../../app/i18n/format.ts';

/** A place along a chart's lower edge, as short as a tick must be. */
export function formatPlace(value: number, axis: ChartAxis, language: Language): string {
  switch (axis) {
    case 'step':
      return formatNumber(value, language, Math.abs(value) < 10 ? 2 : 0);
    case 'epoch':
      return formatNumber(value, language, 2);
    case 'tokens':
      return formatCompact(value, language);
    case 'elapsedSeconds':
      return formatDuration(value * 1000, language);
    case 'wallSeconds':
      return formatTime(new Date(value * 1000).toISOString(), language);
    default:
      return axis satisfies never;
  }
}
