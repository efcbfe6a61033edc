import type { RunEvent } from '../../../src-main/contract/events.ts';
import { t } from '../../app/i18n/language.svelte.ts';
import type { ChartMark, Point } from '../../ui/charts/points.ts';
import { restartsOf } from './curves.ts';
import { steeringText } from './eventText.ts';

/** Where a step stands along the axis: at the last drawn point that is not beyond it. */
function placeOfStep(points: readonly Point[], step: number): number {
  const at = points.findLast((point) => (point.step ?? point.x) <= step);
  return at?.x ?? points[0]?.x ?? step;
}

/** What happened to a run besides its steps, to be drawn over its charts. */
export function chartMarks(
  log: readonly RunEvent[],
  points: readonly Point[],
): { marks: ChartMark[]; breaks: number[] } {
  const changes = log.flatMap(({ body }): ChartMark[] =>
    body.event === 'steered'
      ? [
          {
            x: placeOfStep(points, body.step),
            kind: 'change',
            text: t('event.steered', { step: body.step, change: steeringText(body.change) }),
          },
        ]
      : [],
  );
  const queued = log.find(({ body }) => body.event === 'queued')?.body;
  const isFork = queued?.event === 'queued' && queued.fromStep !== undefined;
  const taken = restartsOf(log).map((step, index): ChartMark => ({
    x: placeOfStep(points, step),
    kind: 'restart',
    text: t(isFork && index === 0 ? 'chart.forked' : 'chart.restarted', { step }),
  }));
  return { marks: [...changes, ...taken], breaks: taken.map(({ x }) => x) };
}
