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
  jsonEvents: { en: 'print one JSON line per event', ko: '이벤트마다 JSON 한 줄 출력' },
} as const;

const positive = z.coerce.number().positive();

async function goOn(id: string, json: boolean, changes: readonly SteeringChange[]): Promise<number> {
  return withSession(new Output(json), async (session) => {
    const { client } = session;
    const run = await client.runs.get({ id });
    const [change] = changes;
    if (change === undefined) await client.runs.resume({ id });
    else await client.runs.steer({ id, change });
    return followRun(session, run, run.lastSequence);
  });
}

/** `runs resume | extend` */
export function addRunResumption(runs: Command): void {
  runs
    .command('resume')
    .description(say(texts.resume))
    .argument('<run>')
    .option('--learning-rate <number>', say(texts.rate))
    .option('--json', say(texts.jsonEvents))
    .action(async (id: string, flags: { json?: boolean; learningRate?: string }) => {
      const learningRate =
        flags.learningRate === undefined
          ? undefined
          : parseFlag('--learning-rate', flags.learningRate, positive, 'runs resume');
      const changes: SteeringChange[] =
        learningRate === undefined ? [] : [{ kind: 'learningRate', learningRate }];
      process.exitCode = await goOn(id, flags.json ?? false, changes);
    });

  runs
    .command('extend')
    .description(say(texts.extend))
    .argument('<run>')
    .requiredOption('--epochs <number>', say(texts.epochs))
    .option('--json', say(texts.jsonEvents))
    .action(async (id: string, flags: { json?: boolean; epochs: string }) => {
      const epochs = parseFlag('--epochs', flags.epochs, positive, 'runs extend');
      process.exitCode = await goOn(id, flags.json ?? false, [{ kind: 'length', epochs }]);
    });
}
