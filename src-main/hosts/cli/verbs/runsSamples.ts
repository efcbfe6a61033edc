import type { Command } from 'commander';
import { z } from 'zod';
import { type RunSamples, sayAnswer, sayAsked, suretyOf } from '../../../contract/samples.ts';
import { shortenText } from '../../../contract/text.ts';
import { say } from '../../language.ts';
import { describeProblems } from '../../problems.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, formatPercent } from '../output.ts';
import { withSession } from '../session.ts';

const texts = {
  samples: {
    en: 'Show what the model made of the sampled rows while it learned',
    ko: '학습하는 동안 모델이 샘플 행에 내놓은 답 보기',
  },
  step: { en: 'one of the sampled steps; the newest when left out', ko: '샘플 단계. 빼면 최신 단계' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  none: { en: 'The run has no samples.', ko: '이 실행에는 샘플이 없습니다.' },
  heading: { en: 'Step {step} (sampled steps: {steps})', ko: '{step}단계 (샘플 단계: {steps})' },
  asked: { en: 'input', ko: '입력' },
  expected: { en: 'expected', ko: '정답' },
  answer: { en: 'model', ko: '모델' },
  before: { en: 'before that', ko: '직전 단계' },
  right: { en: 'right', ko: '맞음' },
  wrong: { en: 'wrong', ko: '틀림' },
  nothing: { en: '(nothing)', ko: '(없음)' },
} as const;

/** Characters of an input that are shown. */
const longestInput = 400;
const wholeStep = z.coerce.number().int().min(0);

function describeSample({ row, answer, right, before }: RunSamples['samples'][number]): string[] {
  const input = shortenText(sayAsked(row.asked), longestInput);
  const surety = suretyOf(answer);
  const marks = [
    ...(surety === null ? [] : [formatPercent(surety)]),
    ...(right === null ? [] : [say(right ? texts.right : texts.wrong)]),
  ];
  const line = (name: keyof typeof texts, text: string) =>
    `  ${say(texts[name])}: ${text.trim() === '' ? say(texts.nothing) : text.replaceAll('\n', '\n    ')}`;
  const said = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  return [
    line('asked', input),
    ...(row.expected === null ? [] : [line('expected', row.expected)]),
    `${line('answer', sayAnswer(answer))}${said}`,
    ...(before === null ? [] : [line('before', before)]),
    '',
  ];
}

/** `runs samples` */
export function addRunSamples(runs: Command): void {
  runs
    .command('samples')
    .description(say(texts.samples))
    .argument('<run>')
    .option('--step <n>', say(texts.step))
    .option('--json', say(texts.json))
    .action((id: string, flags: { step?: string; json?: boolean }) =>
      withSession(new Output(flags.json ?? false), async ({ client, output }) => {
        const step =
          flags.step === undefined ? undefined : parseFlag('--step', flags.step, wholeStep, 'runs samples');
        const found = await client.runs.samples({ id, ...(step === undefined ? {} : { step }) });
        output.result(found, () => {
          if (found.step === null)
            return found.problem ? [describeProblems([found.problem])] : [say(texts.none)];
          return [
            say(texts.heading, { step: found.step, steps: found.steps.join(', ') }),
            ...found.samples.flatMap((sample, index) => [`${index + 1}.`, ...describeSample(sample)]),
          ];
        });
      }),
    );
}
