import type { RunEventBody } from '../../../src-main/contract/events.ts';
import { sayProblem, show, t } from '../../app/i18n/language.svelte.ts';
import { metricName, metricValue } from './metricName.ts';
import { splitName } from './splitName.ts';

function metricsText(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([metric, value]) => `${metricName(metric)} ${metricValue(metric, value)}`)
    .join(' · ');
}

/** An event as one line of the log; undefined for those that only move the curves. */
export function eventText(body: RunEventBody): string | undefined {
  switch (body.event) {
    case 'queued':
      return t('event.queued');
    case 'started':
      return body.resumedFromStep === null
        ? t('event.started', { device: body.device })
        : t('event.startedAgain', { device: body.device, step: body.resumedFromStep });
    case 'prepared':
      return t('event.prepared', {
        trainable: show.compact(body.trainableParameters),
        total: show.compact(body.totalParameters),
        rows: body.trainRows,
        steps: body.totalSteps,
      });
    case 'stepped':
      return undefined;
    case 'evaluated': {
      const text = t('event.evaluated', {
        split: splitName(body.split),
        step: body.step,
        metrics: metricsText(body.metrics),
      });
      return body.best ? `${text} (${t('event.best')})` : text;
    }
    case 'checkpointed':
      return t('event.checkpointed', { step: body.step, size: show.bytes(body.sizeBytes) });
    case 'paused':
      return t('event.paused', { step: body.step });
    case 'resumed':
      return t('event.resumed', { step: body.step });
    case 'noted':
      return sayProblem(body.problem).message;
    case 'finished':
      return body.outcome === 'completed'
        ? t('event.completed', { time: show.duration(body.elapsedMs) })
        : t('event.stopped', { time: show.duration(body.elapsedMs) });
    case 'interrupted':
      return `${t('event.interrupted')}: ${sayProblem(body.problem).message}`;
    case 'failed':
      return `${t('event.failed')}: ${body.problems.map((problem) => sayProblem(problem).message).join(' ')}`;
    default:
      return body satisfies never;
  }
}
