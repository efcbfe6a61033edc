import type { Command } from 'commander';
import { z } from 'zod';
import type { SteeringChange } from '../../../contract/steering.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { followRun } from '../followRun.ts';
import { Output } from '../output.ts';
import { withSession } from '../session.ts';

const texts = {
  resume: {
    en: 'Go on with a run that was stopped, interrupted or failed, from its last checkpoint',
    ko: '중지됐거나 끊기거나 실패한 실행을 마지막 체크포인트부터 이어 하기',
  },
  extend: {
    en: 'Make a run longer and go on with it',
    ko: '실행을 늘려서 이어 하기',
  },
  rate: {
    en: 'go on with this learning rate; a replay makes the same change at the same step',
    ko: '이 학습률로 이어 하기. 재현할 때도 같은 단계에서 똑같이 바꿉니다',
  },
  epochs: { en: 'epochs in all, counted from the start', ko: '처음부터 센 전체 에폭 수' },
  from: {
    en: 'go on from the checkpoint of this step; later ones go into the bin of "runs checkpoints"',
    ko: '이 단계의 체크포인트부터 이어 하기. 뒤의 것은 "runs checkpoints"의 휴지통으로 옮깁니다',
  },
  fork: {
    en: 'Make a new run that goes on from a checkpoint of another one',
    ko: '다른 실행의 체크포인트부터 이어 가는 새 실행 만들기',
  },
  forkFrom: { en: 'the step of the checkpoint', ko: '체크포인트의 단계' },
  name: { en: 'what to call the new run', ko: '새 실행의 이름' },
  jsonEvents: { en: 'print one JSON line per event', ko: '이벤트마다 JSON 한 줄 출력' },
} as const;

const positive = z.coerce.number().positive();
const wholeStep = z.coerce.number().int().min(0);

async function goOn(
  id: string,
  json: boolean,
  change: SteeringChange | undefined,
  fromStep?: number,
): Promise<number> {
  return withSession(new Output(json), async (session) => {
    const { client } = session;
    const run = await client.runs.get({ id });
    const from = fromStep === undefined ? {} : { fromStep };
    if (change === undefined) await client.runs.resume({ id, ...from });
    else await client.runs.steer({ id, change, ...from });
    return followRun(session, run, run.lastSequence);
  });
}

/** `runs resume | extend | fork` */
export function addRunResumption(runs: Command): void {
  runs
    .command('resume')
    .description(say(texts.resume))
    .argument('<run>')
    .option('--learning-rate <number>', say(texts.rate))
    .option('--from <step>', say(texts.from))
    .option('--json', say(texts.jsonEvents))
    .action(async (id: string, flags: { json?: boolean; learningRate?: string; from?: string }) => {
      const learningRate =
        flags.learningRate === undefined
          ? undefined
          : parseFlag('--learning-rate', flags.learningRate, positive, 'runs resume');
      const change: SteeringChange | undefined =
        learningRate === undefined ? undefined : { kind: 'learningRate', learningRate };
      const from =
        flags.from === undefined ? undefined : parseFlag('--from', flags.from, wholeStep, 'runs resume');
      process.exitCode = await goOn(id, flags.json ?? false, change, from);
    });

  runs
    .command('extend')
    .description(say(texts.extend))
    .argument('<run>')
    .requiredOption('--epochs <number>', say(texts.epochs))
    .option('--json', say(texts.jsonEvents))
    .action(async (id: string, flags: { json?: boolean; epochs: string }) => {
      const epochs = parseFlag('--epochs', flags.epochs, positive, 'runs extend');
      process.exitCode = await goOn(id, flags.json ?? false, { kind: 'length', epochs });
    });

  runs
    .command('fork')
    .description(say(texts.fork))
    .argument('<run>')
    .requiredOption('--from <step>', say(texts.forkFrom))
    .option('--learning-rate <number>', say(texts.rate))
    .option('--epochs <number>', say(texts.epochs))
    .option('--name <name>', say(texts.name))
    .option('--json', say(texts.jsonEvents))
    .action(async (id: string, flags: Record<string, string | boolean | undefined>) => {
      const number = (flag: string, value: string | boolean | undefined) =>
        value === undefined ? undefined : parseFlag(flag, String(value), positive, 'runs fork');
      const step = parseFlag('--from', String(flags['from']), wholeStep, 'runs fork');
      const learningRate = number('--learning-rate', flags['learningRate']);
      const epochs = number('--epochs', flags['epochs']);
      const name = flags['name'];
      process.exitCode = await withSession(new Output(flags['json'] === true), async (session) => {
        const run = await session.client.checkpoints.fork({
          id,
          step,
          ...(typeof name === 'string' ? { name } : {}),
          ...(learningRate === undefined ? {} : { learningRate }),
          ...(epochs === undefined ? {} : { epochs }),
        });
        return followRun(session, run, 0);
      });
    });
}
