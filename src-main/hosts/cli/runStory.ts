import type { Advice } from '../../contract/coach.ts';
import type { RunEvent, RunEventBody } from '../../contract/events.ts';
import type { OptionValue } from '../../contract/options.ts';
import type { SteeringChange } from '../../contract/steering.ts';
import { say } from '../language.ts';
import { describeProblems } from '../problems.ts';
import { flagName } from './optionFlags.ts';

const texts = {
  steered: { en: 'step {step}: {change}', ko: '{step}단계: {change}' },
  learningRate: { en: 'learning rate set to {value}', ko: '학습률을 {value}(으)로 바꿈' },
  length: { en: 'length set to {value} epochs', ko: '길이를 {value}에폭으로 바꿈' },
  passTokens: {
    en: '{value} tokens computed at once from here on',
    ko: '이제부터 한 번에 {value}토큰씩 계산',
  },
  evaluation: { en: 'evaluation asked for', ko: '평가를 요청함' },
  checkpoint: { en: 'checkpoint asked for', ko: '체크포인트를 요청함' },
  forked: { en: 'forked at step {step} of its parent', ko: '부모 실행의 {step}단계에서 갈라져 나옴' },
  wentBack: { en: 'went back to step {step}', ko: '{step}단계로 되돌아감' },
  kept: {
    en: 'The result has the weights of step {step}, the best on the validation rows.',
    ko: '결과에는 검증 데이터에서 가장 좋았던 {step}단계의 가중치를 남겼습니다.',
  },
  changes: { en: 'On the way:', ko: '도중에 있었던 일:' },
  coach: { en: 'What the curves say:', ko: '곡선이 말하는 것:' },
  tryInstead: { en: 'To try instead: {flags}', ko: '바꿔 볼 설정: {flags}' },
} as const;

function changeText(change: SteeringChange): string {
  switch (change.kind) {
    case 'learningRate':
      return say(texts.learningRate, { value: change.learningRate });
    case 'length':
      return say(texts.length, { value: change.epochs });
    case 'passTokens':
      return say(texts.passTokens, { value: change.passTokens });
    case 'evaluation':
    case 'checkpoint':
      return say(texts[change.kind]);
    default:
      return change satisfies never;
  }
}

/** What somebody, or the workbench itself, changed in a run between two steps; undefined for other events. */
export function changeLine(body: RunEventBody): string | undefined {
  if (body.event === 'steered')
    return say(texts.steered, { step: body.step, change: changeText(body.change) });
  if (body.event === 'noted') return describeProblems([body.problem]);
  return undefined;
}

/** Where a run was put into the queue to go on from an earlier step; the first time, that is how a fork begins. */
function departureLine(body: RunEventBody, isFirst: boolean): string | undefined {
  if (body.event !== 'queued' || body.fromStep === undefined) return undefined;
  return say(isFirst ? texts.forked : texts.wentBack, { step: body.fromStep });
}

/** The step whose weights a run's result has, where those are not its last ones. */
export function keptStep(events: readonly RunEvent[]): number | undefined {
  let best: number | undefined;
  let kept: number | undefined;
  for (const { body } of events) {
    if (body.event === 'evaluated' && body.best) best = body.step;
    // What came after a checkpoint that it went on from is as if it had not been.
    const from =
      body.event === 'queued' ? body.fromStep : body.event === 'started' ? body.resumedFromStep : undefined;
    if (from != null && best !== undefined && best > from) best = undefined;
    if (body.event === 'noted' && body.problem.code === 'run.bestMissing') best = undefined;
    if (body.event === 'finished') kept = best === body.step ? undefined : best;
  }
  return kept;
}

/** `To try instead: --learning-rate 0.0002 --epochs 2`, for each way that may help. */
function tryLines({ changes }: Advice): string[] {
  const flag = (name: string, value: OptionValue) =>
    `--${flagName(name)} ${Array.isArray(value) ? value.join(',') : String(value)}`;
  return changes.map(({ task, methodId, training = {} }) => {
    const flags = [
      ...(task === undefined ? [] : [flag('task', task)]),
      ...(methodId === undefined ? [] : [flag('method', methodId)]),
      ...Object.entries(training).map(([name, value]) => flag(name, value)),
    ];
    return `  ${say(texts.tryInstead, { flags: flags.join(' ') })}`;
  });
}

function coachLines(advice: readonly Advice[]): string[] {
  if (advice.length === 0) return [];
  const found = advice.flatMap((each) => [describeProblems([each.finding]), ...tryLines(each)]);
  return [say(texts.coach), ...found];
}

/** What became of a run, beyond its numbers: whose weights it kept, and what the coach sees in its curves. */
export function outcomeLines(events: readonly RunEvent[], advice: readonly Advice[]): string[] {
  const step = keptStep(events);
  return [...(step === undefined ? [] : [say(texts.kept, { step })]), ...coachLines(advice)];
}

/** What was changed in a run on its way, by somebody or by itself. */
export function changeLines(events: readonly RunEvent[]): string[] {
  const begun = events.find(({ body }) => body.event === 'queued');
  const lines = events.flatMap(
    (event) => departureLine(event.body, event === begun) ?? changeLine(event.body) ?? [],
  );
  return lines.length === 0 ? [] : [say(texts.changes), ...lines.map((line) => `  ${line}`)];
}
