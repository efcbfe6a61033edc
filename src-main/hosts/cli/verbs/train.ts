import type { Command } from 'commander';
import { listMethods } from '../../../engine/methods/registry.ts';
import { listObjectives } from '../../../engine/objectives/registry.ts';
import { trainingOptions } from '../../../engine/train/options.ts';
import { say } from '../../language.ts';
import { describeProblems } from '../../problems.ts';
import { addDataFlags } from '../dataFlags.ts';
import { followRun } from '../followRun.ts';
import { forecastLines } from '../forecastLines.ts';
import { addMaterialFlags } from '../materialFlags.ts';
import { addOptionFlags } from '../optionFlags.ts';
import { Output } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { type Catalogue, type TrainFlags, configFromFlags } from '../trainRequest.ts';

const texts = {
  train: { en: 'Fine-tune a model', ko: '모델 미세조정' },
  method: { en: 'fine-tuning method', ko: '미세조정 방법' },
  name: { en: 'what to call the run', ko: '실행 이름' },
  below: {
    en: 'adapters that stay as they are under what is trained, each ID or ID=WEIGHT',
    ko: '학습하는 것 아래에 그대로 둘 어댑터(각각 ID 또는 ID=가중치)',
  },
  resume: { en: 'go on with a run that was stopped or interrupted', ko: '멈추거나 중단된 실행 이어 하기' },
  forecast: {
    en: 'say what the run would cost, and what is wrong with it, without starting it',
    ko: '실행하지 않고 예상 비용과 문제점만 보기',
  },
  json: { en: 'print one JSON line per event', ko: '이벤트마다 JSON 한 줄 출력' },
  training: { en: 'Training:', ko: '학습:' },
} as const;

async function train(
  session: Session,
  flags: TrainFlags,
  given: Readonly<Record<string, unknown>>,
  catalogue: Catalogue,
): Promise<number> {
  const { client } = session;
  if (flags.resume !== undefined) {
    const { lastSequence } = await client.runs.get({ id: flags.resume });
    const run = await client.runs.resume({ id: flags.resume });
    return followRun(session, run, lastSequence);
  }
  const config = await configFromFlags(session, flags, given, catalogue);
  if (flags.forecast) {
    const forecast = await client.runs.forecast(config);
    session.output.result(forecast, () => forecastLines(forecast));
    if (forecast.problems.length === 0) return 0;
    process.stderr.write(`${describeProblems(forecast.problems)}\n`);
    return 1;
  }
  const run = await client.runs.start(config);
  return followRun(session, run, 0);
}

/** `train`, with a flag for every setting of every method and task. */
export function addTrainVerb(program: Command): void {
  const methods = listMethods().map((method) => method.spec);
  const objectives = listObjectives().map((objective) => objective.spec);
  const command = addMaterialFlags(program.command('train').description(say(texts.train)))
    .option(
      '--method <method>',
      `${say(texts.method)} (${methods.map((method) => method.id).join(', ')})`,
      'lora',
    )
    .option('--name <name>', say(texts.name))
    .option('--below <adapter...>', say(texts.below))
    .option('--resume <run>', say(texts.resume))
    .option('--forecast', say(texts.forecast))
    .option('--json', say(texts.json));
  addDataFlags(command, { validation: '0', test: '0' });
  addOptionFlags(command, [
    { title: say(texts.training), specs: trainingOptions },
    ...objectives.map((each) => ({ title: `${say(each.name)}:`, specs: each.options })),
    ...methods.map((each) => ({ title: `${each.name}:`, specs: each.options })),
  ]);
  command.action(async (flags: TrainFlags) => {
    const catalogue = { methods, objectives, training: trainingOptions };
    process.exitCode = await withSession(new Output(flags.json ?? false), (session) =>
      train(session, flags, command.opts(), catalogue),
    );
  });
}
