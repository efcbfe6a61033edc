import { t } from '../../app/i18n/language.svelte.ts';
import type { ChartLine } from '../../ui/charts/points.ts';
import type { InheritedCurve } from './curves.ts';

/** How a line of a fork began in the runs before it: its look and theirs are one, their names say whose it was. */
export function inheritedLines(
  inherited: readonly InheritedCurve[],
  metric: string,
  line: Pick<ChartLine, 'key' | 'label' | 'tone'>,
): ChartLine[] {
  const stretches = inherited.filter((curve) => curve.metric === metric);
  return stretches.map(({ run, points, totalPoints }) => ({
    ...line,
    key: `${line.key} ${run.runId}`,
    label: t('chart.inherited', { line: line.label, run: run.name }),
    points,
    totalPoints,
    inherited: true,
  }));
}
