import type { Command } from 'commander';
import { z } from 'zod';
import { TunebenchError } from '../../../contract/errors/index.ts';
import type { RunSummary } from '../../../contract/runs.ts';
import type { SteeringChange } from '../../../contract/steering.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { Output } from '../output.ts';
import { type Session, withSession } from '../session.ts';

const texts = {
  pause: {
    en: 'Let a run that trains stand still after its next step',
    ko: '학습 중인 실행을 다음 단계 뒤에 멈춰 두기',
  },
  continue: { en: 'Let a paused run go on', ko: '멈춰 둔 실행을 계속하기' },
  stop: {
    en: 'End a run at its next step with a checkpoint, from which it can be resumed',
    ko: '실행을 다음 단계에서 체크포인트를 남기고 끝내기. 이어 할 수 있습니다',
  },
  steer: {
    en: 'Change a run between two of its steps, or ask something of it',
    ko: '두 단계 사이에 실행을 바꾸거나 평가, 저장을 시키기',
  },
  rate: { en: 'the learning rate from here on', ko: '이제부터 쓸 학습률' },
  epochs: { en: 'epochs in all, counted from the start', ko: '처음부터 센 전체 에폭 수' },
  evaluate: { en: 'evaluate on the validation rows now', ko: '지금 검증 데이터로 평가' },
  checkpoint: { en: 'save a checkpoint now', ko: '지금 체크포인트 저장' },
  what: { en: 'one of them at least', ko: '하나 이상' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  asked: {
    en: '{name} has been asked; step {step}, {status}.',
    ko: '{name}에 전했습니다. {step}단계, {status}.',
  },
} as const;

interface SteerFlags {
  learningRate?: string;
  epochs?: string;
  evaluate?: boolean;
  checkpoint?: boolean;
  json?: boolean;
}

const positive = z.coerce.number().positive();

function changesOf({ learningRate, epochs, evaluate, checkpoint }: SteerFlags): SteeringChange[] {
  const number = (flag: string, text: string) => parseFlag(flag, text, positive, 'runs steer');
  return [
    ...(learningRate === undefined
      ? []
      : [{ kind: 'learningRate' as const, learningRate: number('--learning-rate', learningRate) }]),
    ...(epochs === undefined ? [] : [{ kind: 'length' as const, epochs: number('--epochs', epochs) }]),
    ...(evaluate ? [{ kind: 'evaluation' as const }] : []),
    ...(checkpoint ? [{ kind: 'checkpoint' as const }] : []),
  ];
}

/** Asks for something, in whatever process the run trains, and prints how the run stands. */
async function ask(json: boolean, act: (session: Session) => Promise<RunSummary>): Promise<void> {
  await withSession(
    new Output(json),
    async (session) => {
      const run = await act(session);
      session.output.result(run, () => [
        say(texts.asked, { name: run.name, step: run.step, status: run.status }),
      ]);
    },
    'any',
  );
}

/** `runs pause | continue | stop | steer`: for runs that train in the window, a server or another terminal. */
export function addRunSteering(runs: Command): void {
  const add = (
    name: 'pause' | 'continue' | 'stop',
    act: (session: Session, id: string) => Promise<RunSummary>,
  ) =>
    runs
      .command(name)
      .description(say(texts[name]))
      .argument('<run>')
      .option('--json', say(texts.json))
      .action((id: string, { json }: { json?: boolean }) =>
        ask(json ?? false, (session) => act(session, id)),
      );
  add('pause', ({ client }, id) => client.runs.pause({ id }));
  add('stop', ({ client }, id) => client.runs.stop({ id }));
  add('continue', async ({ client }, id) => {
    const { name, status } = await client.runs.get({ id });
    // Going on after an end is another matter: `runs resume` stays with the run.
    if (status !== 'paused') {
      throw new TunebenchError('run.wrongStatus', { name, status, action: 'continue', allowed: 'paused' });
    }
    return client.runs.resume({ id });
  });
  runs
    .command('steer')
    .description(say(texts.steer))
    .argument('<run>')
    .option('--learning-rate <number>', say(texts.rate))
    .option('--epochs <number>', say(texts.epochs))
    .option('--evaluate', say(texts.evaluate))
    .option('--checkpoint', say(texts.checkpoint))
    .option('--json', say(texts.json))
    .action((id: string, flags: SteerFlags) =>
      ask(flags.json ?? false, async ({ client }) => {
        const changes = changesOf(flags);
        if (changes.length === 0) {
          const [flag, what] = ['--learning-rate, --epochs, --evaluate, --checkpoint', say(texts.what)];
          throw new TunebenchError('cli.missingFlag', { flag, what, verb: 'runs steer' });
        }
        for (const change of changes) await client.runs.steer({ id, change });
        return client.runs.get({ id });
      }),
    );
}
