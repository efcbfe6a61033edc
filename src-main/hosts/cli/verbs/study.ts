import type { Command } from 'commander';
import { z } from 'zod';
import type { D90Result } from '../../../contract/studies.ts';
import { listObjectives } from '../../../engine/objectives/registry.ts';
import { say } from '../../language.ts';
import { describeProblems } from '../../problems.ts';
import { addDataFlags } from '../dataFlags.ts';
import { parseFlag } from '../flagValues.ts';
import { followRun } from '../followRun.ts';
import { addMaterialFlags } from '../materialFlags.ts';
import { Output, formatPercent, table } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { type MaterialFlags, materialFromFlags } from '../trainRequest.ts';

interface D90Flags extends MaterialFlags {
  dimensions?: string;
  form: string;
  seeds: string;
  epochs: string;
  learningRate?: string;
  fullLearningRate?: string;
  name?: string;
  json?: boolean;
}

const verb = 'study d90';
const texts = {
  study: { en: 'Measurements made of several runs', ko: '여러 실행으로 하는 측정' },
  d90: {
    en: 'Find how few numbers reach 90 % of full fine-tuning (intrinsic dimension)',
    ko: '전체 미세조정의 90 %에 이르는 가장 작은 차원 찾기(내재 차원)',
  },
  dimensions: { en: 'sizes to try', ko: '시도할 차원들' },
  form: { en: 'said or did', ko: 'said 또는 did' },
  seeds: { en: 'a run of each size for each seed', ko: '차원마다 학습할 시드들' },
  epochs: { en: 'how long every run trains', ko: '실행마다 학습할 에폭' },
  learningRate: { en: 'of the projected runs', ko: '사영 실행의 학습률' },
  fullLearningRate: { en: 'of full fine-tuning', ko: '전체 미세조정의 학습률' },
  name: { en: 'name of the group its runs belong to', ko: '실행을 묶을 이름' },
  json: {
    en: 'print one JSON line per event, the result last',
    ko: '이벤트마다 JSON 한 줄, 마지막에 결과 출력',
  },
  refused: { en: '{method} is left out: {reasons}', ko: '{method}은(는) 뺐습니다: {reasons}' },
  dimension: { en: 'd', ko: 'd' },
  share: { en: 'Of full fine-tuning', ko: '전체 미세조정 대비' },
  found: { en: 'd90 = {d}', ko: 'd90 = {d}' },
  notFound: {
    en: 'None of these sizes reached 90 %: try larger ones, or train longer.',
    ko: '90 %에 이른 차원이 없습니다. 더 큰 차원이나 더 긴 학습을 시도하세요.',
  },
} as const;

function resultLines({ metric, full, points, d90 }: D90Result): readonly string[] {
  return [
    ...table([
      [say(texts.dimension), metric?.name ?? '–', say(texts.share)],
      ['full', full?.toFixed(4) ?? '–', '100 %'],
      ...points.map(({ dimension, value, share }) => [
        String(dimension),
        value.toFixed(4),
        formatPercent(share),
      ]),
    ]),
    d90 === null ? say(texts.notFound) : say(texts.found, { d: d90 }),
  ];
}

const listOf = (text: string) => text.split(',').map((item) => item.trim());
const positive = z.coerce.number().positive();

async function measure(session: Session, flags: D90Flags): Promise<number> {
  const { client, output } = session;
  const objectives = listObjectives().map(({ spec }) => spec);
  const { model, dataset, task, watched } = await materialFromFlags(session, flags, objectives, verb);
  const whole = z.array(z.coerce.number().int().min(0)).min(1);
  const optional = (flag: string, value: string | undefined) =>
    value === undefined ? undefined : parseFlag(flag, value, positive, verb);
  const { group, runs, refused } = await client.studies.startD90({
    name: flags.name ?? `d90 · ${model.name} · ${dataset.name}`,
    modelId: model.id,
    datasetId: dataset.id,
    task,
    ...watched,
    ...(flags.dimensions === undefined
      ? {}
      : { dimensions: parseFlag('--dimensions', listOf(flags.dimensions), whole, verb) }),
    form: parseFlag('--form', flags.form, z.enum(['said', 'did']), verb),
    seeds: parseFlag('--seeds', listOf(flags.seeds), whole, verb),
    budget: { kind: 'epochs', epochs: parseFlag('--epochs', flags.epochs, positive, verb) },
    learningRate: optional('--learning-rate', flags.learningRate),
    fullLearningRate: optional('--full-learning-rate', flags.fullLearningRate),
  });
  output.event({ event: 'started', group, runs: runs.map(({ id }) => id), refused });
  for (const { methodId, problems } of refused) {
    output.line(say(texts.refused, { method: methodId, reasons: describeProblems(problems) }));
  }
  for (const run of runs) {
    output.line(run.name);
    const ended = await followRun(session, run, 0, 'numbers');
    if (ended !== 0) return ended;
  }
  const result = await client.studies.d90({ group });
  output.result({ event: 'measured', ...result }, () => resultLines(result));
  return 0;
}

/** `study d90` */
export function addStudyVerb(program: Command): void {
  const study = program.command('study').description(say(texts.study));
  const command = addMaterialFlags(study.command('d90').description(say(texts.d90)))
    .option('--dimensions <n,n,…>', say(texts.dimensions))
    .option('--form <form>', say(texts.form), 'said')
    .option('--seeds <n,n,…>', say(texts.seeds), '0')
    .option('--epochs <n>', say(texts.epochs), '3')
    .option('--learning-rate <n>', say(texts.learningRate))
    .option('--full-learning-rate <n>', say(texts.fullLearningRate))
    .option('--name <name>', say(texts.name))
    .option('--json', say(texts.json));
  addDataFlags(command, { validation: '0', test: '0.2' });
  command.action(async (flags: D90Flags) => {
    process.exitCode = await withSession(new Output(flags.json ?? false), (session) =>
      measure(session, flags),
    );
  });
}
