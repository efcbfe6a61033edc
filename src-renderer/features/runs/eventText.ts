import type { RunEventBody } from '../../../src-main/contract/events.ts';
import type { SteeringChange } from '../../../src-main/contract/steering.ts';
import { sayProblem, show, t } from '../../app/i18n/language.svelte.ts';
import { metricName, metricValue } from './metricName.ts';
import { splitName } from './splitName.ts';

function metricsText(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([metric, value]) => `${metricName(metric)} ${metricValue(metric, value)}`)
    .join(' · ');
}

/** What was changed, in a few words. */
export function steeringText(change: SteeringChange): string {
  switch (change.kind) {
    case 'learningRate':
      return t('steer.didLearningRate', { rate: show.metric(change.learningRate) });
    case 'length':
      return t('steer.didLength', { epochs: show.number(change.epochs, 2) });
    case 'passTokens':
      return t('steer.didPassTokens', { tokens: show.number(change.passTokens) });
    case 'evaluation':
      return t('steer.didEvaluation');
    case 'checkpoint':
      return t('steer.didCheckpoint');
    default:
      return change satisfies never;
  }
}

/** An event as one line of the log; undefined for those that only move the curves. */
export function eventText(body: RunEventBody): string | undefined {
  switch (body.event) {
    case 'queued':
      return body.fromStep === undefined ? t('event.queued') : t('event.queuedFrom', { step: body.fromStep });
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
    case 'sampled':
      return undefined;
    case 'textsMeasured':
      return t('event.textsMeasured', { metrics: metricsText(body.metrics) });
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
      return body.problem ? sayProblem(body.problem).message : t('event.paused', { step: body.step });
    case 'resumed':
      return t('event.resumed', { step: body.step });
    case 'steered':
      return t('event.steered', { step: body.step, change: steeringText(body.change) });
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
