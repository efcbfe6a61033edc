import type { Command } from 'commander';
import { z } from 'zod';
import { type CheckpointList, binnedCheckpointDays } from '../../../contract/checkpoints.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, formatBytes, table } from '../output.ts';
import { type Session, withSession } from '../session.ts';

const texts = {
  checkpoints: {
    en: 'What a run can go on from: list, delete, prune, put back',
    ko: '실행을 이어 갈 수 있는 체크포인트: 보기, 삭제, 정리, 되살리기',
  },
  list: { en: 'List the checkpoints of a run, newest first', ko: '실행의 체크포인트를 최신순으로 보기' },
  remove: {
    en: "Put checkpoints into the run's bin, from where they can be put back",
    ko: '체크포인트를 실행의 휴지통으로 옮기기(되살릴 수 있음)',
  },
  prune: {
    en: 'Put all into the bin but the newest, the best and those that were asked for',
    ko: '최근 것, 가장 좋은 것, 직접 저장한 것만 남기고 휴지통으로 옮기기',
  },
  keep: { en: 'how many of the newest stay', ko: '남길 최근 체크포인트 수' },
  restore: { en: 'Take checkpoints back out of the bin', ko: '휴지통의 체크포인트 되살리기' },
  empty: { en: 'Delete what is in the bin for good', ko: '휴지통 완전히 비우기' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  none: { en: 'There are no checkpoints.', ko: '체크포인트가 없습니다.' },
  total: { en: 'In all: {count}, {size}', ko: '모두 {count}개, {size}' },
  bin: {
    en: 'In the bin, deleted for good after {days} days: {steps} ({size})',
    ko: '휴지통({days}일 뒤 완전히 지움): {steps} ({size})',
  },
  last: { en: 'last', ko: '마지막' },
  best: { en: 'best', ko: '최고' },
  asked: { en: 'asked for', ko: '직접 저장' },
} as const;

const wholeStep = z.coerce.number().int().min(0);

function lines({ checkpoints, sizeBytes, bin, binBytes }: CheckpointList): string[] {
  const rows = checkpoints.map(({ step, kinds, sizeBytes: size, metrics }) => [
    String(step),
    kinds.map((kind) => say(texts[kind])).join(', ') || '–',
    formatBytes(size),
    Object.entries(metrics)
      .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
      .join(', '),
  ]);
  const steps = bin.map(({ step }) => step).join(', ');
  return [
    ...(rows.length === 0
      ? [say(texts.none)]
      : [...table(rows), say(texts.total, { count: rows.length, size: formatBytes(sizeBytes) })]),
    ...(bin.length === 0
      ? []
      : [say(texts.bin, { days: binnedCheckpointDays, steps, size: formatBytes(binBytes) })]),
  ];
}

/** The newest in the bin of each step. */
async function keysOf({ client }: Session, id: string, steps: readonly number[]): Promise<string[]> {
  const { bin } = await client.checkpoints.list({ id });
  return steps.map((step) => {
    const found = bin.filter((each) => each.step === step).sort((a, b) => (a.key < b.key ? 1 : -1))[0];
    if (found) return found.key;
    const known = bin.map((each) => each.step).join(', ') || '–';
    throw new TunebenchError('run.noCheckpoint', { name: id, step, known });
  });
}

/** `runs checkpoints list | remove | prune | restore | empty` */
export function addRunCheckpoints(runs: Command): void {
  const verb = runs.command('checkpoints').description(say(texts.checkpoints));
  const add = (
    name: 'list' | 'remove' | 'prune' | 'restore' | 'empty',
    act: (session: Session, id: string, steps: number[], keep: number) => Promise<CheckpointList>,
    { takesSteps = false, takesKeep = false } = {},
  ): void => {
    const command = verb.command(name).description(say(texts[name])).argument('<run>');
    if (takesSteps) command.argument('<step...>');
    if (takesKeep) command.option('--keep <count>', say(texts.keep), '1');
    command.option('--json', say(texts.json)).action(async (id: string, given: unknown) => {
      const flags = command.opts<{ json?: boolean; keep?: string }>();
      const of = `runs checkpoints ${name}`;
      const steps = Array.isArray(given)
        ? given.map((step) => parseFlag('<step>', String(step), wholeStep, of))
        : [];
      const keep = parseFlag('--keep', flags.keep ?? '1', wholeStep.min(1).max(1000), of);
      await withSession(new Output(flags.json ?? false), async (session) => {
        const found = await act(session, id, steps, keep);
        session.output.result(found, () => lines(found));
      });
    });
  };
  add('list', ({ client }, id) => client.checkpoints.list({ id }));
  add('remove', ({ client }, id, steps) => client.checkpoints.remove({ id, steps }), { takesSteps: true });
  add('prune', ({ client }, id, _steps, keep) => client.checkpoints.prune({ id, keep }), { takesKeep: true });
  add(
    'restore',
    async (session, id, steps) =>
      session.client.checkpoints.restore({ id, keys: await keysOf(session, id, steps) }),
    { takesSteps: true },
  );
  add('empty', ({ client }, id) => client.checkpoints.emptyBin({ id }));
}
