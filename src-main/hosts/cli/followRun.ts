import { TunebenchError, errorFromProblems } from '../../contract/errors/index.ts';
import type { RunEvent, RunEventBody } from '../../contract/events.ts';
import { type Task, headOf } from '../../contract/methods.ts';
import { say } from '../language.ts';
import { type Output, formatBytes, formatDuration } from './output.ts';
import { ProgressBar } from './progressBar.ts';
import { changeLine, outcomeLines } from './runStory.ts';
import type { Session } from './session.ts';
import { watchBlocked } from './watchBlocked.ts';

const texts = {
  queued: { en: 'Run {run} is queued.', ko: '실행 {run}이(가) 대기 중입니다.' },
  started: { en: 'Training on {device}', ko: '{device}에서 학습 시작' },
  resumed: {
    en: 'Training on {device}, going on from step {step}',
    ko: '{device}에서 {step}단계부터 이어서 학습',
  },
  prepared: {
    en: '{rows} rows, {steps} steps, {trainable} of {total} parameters are trained',
    ko: '{rows}행, {steps}단계, 파라미터 {total}개 중 {trainable}개를 학습',
  },
  textsMeasured: { en: 'training texts before training: {metrics}', ko: '학습 전 학습 데이터: {metrics}' },
  evaluated: { en: 'step {step}, {split}: {metrics}', ko: '{step}단계, {split}: {metrics}' },
  best: { en: 'the best so far', ko: '지금까지 가장 좋음' },
  left: { en: '{time} left', ko: '{time} 남음' },
  stopping: {
    en: 'Stopping at the next step … (again: end at once)',
    ko: '다음 단계에서 멈춥니다 … (한 번 더 누르면 바로 종료)',
  },
  finished: {
    en: 'Finished in {time}: {rate} rows/s, {memory} at most. Try it: tunebench {command}',
    ko: '{time} 만에 끝남: 초당 {rate}행, 최대 {memory}. 써 보기: tunebench {command}',
  },
  stopped: {
    en: 'Stopped at step {step}. To go on: tunebench train --resume {run}',
    ko: '{step}단계에서 멈췄습니다. 이어 하려면: tunebench train --resume {run}',
  },
} as const;

interface FollowedRun {
  readonly id: string;
  readonly task: Task;
}

function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
    .join(', ');
}

/** What a finished run of the task can be tried with. */
function tryCommand({ id, task }: FollowedRun): string {
  if (['nextToken', 'targetToken'].includes(headOf(task))) return `generate --run ${id} --prompt "…"`;
  const row = task === 'extractiveQa' ? '--question "…" --context "…"' : '--text "…"';
  return `predict --run ${id} ${row}`;
}

/** What one event means on the terminal. */
function show(body: RunEventBody, run: FollowedRun, output: Output, bar: ProgressBar): void {
  const line = (text: string) => {
    bar.clear();
    output.line(text);
  };
  switch (body.event) {
    case 'queued':
      line(say(texts.queued, { run: run.id }));
      return;
    case 'started':
      line(
        body.resumedFromStep === null
          ? say(texts.started, { device: body.device })
          : say(texts.resumed, { device: body.device, step: body.resumedFromStep }),
      );
      return;
    case 'prepared':
      line(
        say(texts.prepared, {
          rows: body.trainRows,
          steps: body.totalSteps,
          trainable: body.trainableParameters.toLocaleString('en'),
          total: body.totalParameters.toLocaleString('en'),
        }),
      );
      return;
    case 'stepped': {
      const { loss, accuracy } = body.metrics;
      const parts = [
        `${body.step}/${body.totalSteps}`,
        ...(loss === undefined ? [] : [`loss ${loss.toFixed(4)}`]),
        ...(accuracy === undefined ? [] : [`accuracy ${accuracy.toFixed(3)}`]),
        say(texts.left, { time: formatDuration(body.remainingMs) }),
      ];
      bar.draw(body.step / Math.max(1, body.totalSteps), parts.join('  '));
      return;
    }
    case 'textsMeasured':
      line(say(texts.textsMeasured, { metrics: formatMetrics(body.metrics) }));
      return;
    case 'evaluated':
      line(
        say(texts.evaluated, {
          step: body.step,
          split: body.split,
          metrics: `${formatMetrics(body.metrics)}${body.best ? ` (${say(texts.best)})` : ''}`,
        }),
      );
      return;
    case 'noted':
    case 'steered':
      line(changeLine(body) ?? '');
      return;
    case 'finished':
      if (body.outcome === 'stopped') line(say(texts.stopped, { step: body.step, run: run.id }));
      else {
        line(
          say(texts.finished, {
            time: formatDuration(body.elapsedMs),
            rate: body.rowsPerSecond.toFixed(1),
            memory: formatBytes(body.peakMemoryBytes),
            command: tryCommand(run),
          }),
        );
      }
      return;
    case 'sampled':
    case 'checkpointed':
    case 'paused':
    case 'resumed':
    case 'interrupted':
    case 'failed':
      bar.clear();
      return;
    default:
      body satisfies never;
  }
}

function isLast({ body }: RunEvent): boolean {
  return body.event === 'finished' || body.event === 'failed' || body.event === 'interrupted';
}

async function tellOutcome({ client, output }: Session, id: string): Promise<void> {
  const [{ events }, advice] = await Promise.all([client.runs.log({ id }), client.runs.advice({ id })]);
  for (const line of outcomeLines(events, advice)) output.line(line);
}

/**
 * Prints a run's events until its end, and waits with it for room on a full disk. Ctrl-C stops the run so that it can
 * be resumed.
 * @param after number of the last event that is already known
 * @param tells whether to say what became of the run beyond its numbers, as where it is not one of many
 * @returns the exit code: 0 when completed, 130 when stopped
 * @throws TunebenchError when the run failed or was interrupted
 */
export async function followRun(
  session: Session,
  run: FollowedRun,
  after: number,
  tells: 'outcome' | 'numbers' = 'outcome',
): Promise<number> {
  const { client, output } = session;
  const bar = new ProgressBar(process.stderr, !output.json);
  let asked = false;
  const onSignal = () => {
    if (asked) process.exit(130);
    asked = true;
    bar.clear();
    process.stderr.write(`${say(texts.stopping)}\n`);
    // A run that ends in this very moment cannot be stopped any more; its last event tells.
    client.runs.stop({ id: run.id }).catch(() => undefined);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  const abort = new AbortController();
  const unwatch = watchBlocked(session, run.id, () => bar.clear());
  try {
    const events = await client.runs.events({ runId: run.id, after }, { signal: abort.signal });
    for await (const event of events) {
      const { event: name, ...body } = event.body;
      output.event({ event: name, run: run.id, at: event.at, ...body });
      show(event.body, run, output, bar);
      if (!isLast(event)) continue;
      if (tells === 'outcome' && !output.json) await tellOutcome(session, run.id);
      if (event.body.event === 'failed') throw errorFromProblems(event.body.problems);
      if (event.body.event === 'interrupted') throw errorFromProblems([event.body.problem]);
      return event.body.event === 'finished' && event.body.outcome === 'completed' ? 0 : 130;
    }
    throw new TunebenchError('cli.runEnded', { run: run.id, status: 'interrupted' });
  } finally {
    unwatch();
    bar.clear();
    abort.abort();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onSignal);
  }
}
