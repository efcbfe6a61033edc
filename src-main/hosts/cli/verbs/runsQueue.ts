import type { Command } from 'commander';
import { z } from 'zod';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, table } from '../output.ts';
import { type Session, withSession } from '../session.ts';

const texts = {
  queue: {
    en: 'Runs that wait: their order, when they may begin, how many train at once',
    ko: '대기 중인 실행: 순서, 시작 시각, 동시에 학습할 개수',
  },
  list: { en: 'List waiting runs in their order', ko: '대기 중인 실행을 순서대로 보기' },
  move: {
    en: 'Put a waiting run at another place, counted from 1',
    ko: '대기 중인 실행을 다른 자리로 옮기기(1부터)',
  },
  at: {
    en: 'Let a waiting run begin at a time such as 22:00 or 2030-01-31T22:00, or "now"',
    ko: '대기 중인 실행을 22:00이나 2030-01-31T22:00 같은 시각에, 또는 "now"로 바로 시작하기',
  },
  pause: { en: 'Start no waiting run until the queue goes on', ko: '대기열을 멈춰 새 실행을 시작하지 않기' },
  resume: { en: 'Let the queue go on', ko: '대기열을 다시 진행하기' },
  slots: { en: 'How many runs train at the same time', ko: '동시에 학습할 실행 수' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  none: { en: 'No run waits.', ko: '대기 중인 실행이 없습니다.' },
  paused: { en: 'The queue is paused.', ko: '대기열이 멈춰 있습니다.' },
} as const;

/** A time of day stands for the next time it is that late; anything else is a date. */
export function parseTime(text: string, now = new Date()): string | null {
  if (text === 'now') return null;
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text);
  const time = new Date(clock ? now : text);
  if (clock) {
    time.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
    if (time <= now) time.setDate(time.getDate() + 1);
  }
  if (Number.isNaN(time.getTime())) {
    throw new TunebenchError('cli.badFlag', {
      flag: '<time>',
      value: text,
      detail: '22:00, 2030-01-31T22:00, now',
      verb: 'runs queue at',
    });
  }
  return time.toISOString();
}

async function show({ client, output }: Session): Promise<void> {
  const runs = await client.runs.list();
  const { queuePaused, queueSlots } = await client.system.settings();
  const waiting = runs
    .filter(({ status }) => status === 'queued')
    .sort((a, b) => (a.queuePosition ?? 0) - (b.queuePosition ?? 0));
  output.result({ paused: queuePaused, slots: queueSlots, runs: waiting }, () => [
    ...(queuePaused ? [say(texts.paused)] : []),
    ...(waiting.length === 0
      ? [say(texts.none)]
      : table(
          waiting.map(({ id, name, notBefore }, index) => [String(index + 1), id, name, notBefore ?? '']),
        )),
  ]);
}

/** `runs queue list | move | at | pause | resume | slots`; what is changed holds for every host of the data folder. */
export function addRunQueue(runs: Command): void {
  const queue = runs.command('queue').description(say(texts.queue));
  const add = (
    name: keyof typeof texts & string,
    act: (session: Session, values: readonly string[]) => Promise<unknown>,
    ...values: string[]
  ): void => {
    const command = queue.command(name).description(say(texts[name]));
    for (const value of values) command.argument(value);
    command.option('--json', say(texts.json)).action(async (...given: unknown[]) => {
      const words = given.filter((each) => typeof each === 'string');
      await withSession(new Output(command.opts<{ json?: boolean }>().json ?? false), async (session) => {
        await act(session, words);
        await show(session);
      });
    });
  };
  const place = z.coerce.number().int().min(1);
  add('list', () => Promise.resolve());
  add(
    'move',
    ({ client }, [id = '', to]) =>
      client.runs.move({ id, place: parseFlag('<place>', to, place, 'runs queue move') - 1 }),
    '<run>',
    '<place>',
  );
  add(
    'at',
    ({ client }, [id = '', time = '']) => client.runs.schedule({ id, notBefore: parseTime(time) }),
    '<run>',
    '<time>',
  );
  add('pause', ({ client }) => client.system.saveSettings({ queuePaused: true }));
  add('resume', ({ client }) => client.system.saveSettings({ queuePaused: false }));
  add(
    'slots',
    ({ client }, [count]) =>
      client.system.saveSettings({
        queueSlots: parseFlag('<count>', count, place.max(16), 'runs queue slots'),
      }),
    '<count>',
  );
}
