import type { Command } from 'commander';
import { splitSchema } from '../../../contract/datasets.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import type { LabelAction } from '../../../contract/labels.ts';
import type { LocalizedText } from '../../../contract/text.ts';
import { say } from '../../language.ts';
import { Output } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import {
  type TargetFlags,
  countSchema,
  labelFlag,
  listOf,
  showResult,
  targetFrom,
  withTargetFlags,
} from './labelFlags.ts';

const texts = {
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  set: { en: 'Give records a label', ko: '레코드에 라벨 붙이기' },
  discard: { en: 'Discard records', ko: '레코드 제외' },
  accept: { en: 'Accept what is suggested', ko: '제안 받아들이기' },
  clear: { en: 'Take the labels of records away', ko: '레코드의 라벨 지우기' },
  delete: { en: 'Delete records', ko: '레코드 삭제' },
  flag: { en: 'Flag records', ko: '레코드 표시' },
  off: { en: 'take the flag away', ko: '표시 없애기' },
  note: { en: 'Write a note on records; an empty one removes it', ko: '레코드에 메모 쓰기 (빈 메모는 삭제)' },
  split: { en: 'Move records to train, validation or test', ko: '레코드를 train, validation, test로 옮기기' },
  edit: { en: 'Change the text of a column of a record', ko: '레코드 한 열의 글 고치기' },
  add: { en: 'Put the rows of a dataset behind the last record', ko: '데이터셋의 행을 맨 뒤에 추가' },
  remove: { en: 'Remove the labelling with its history', ko: '라벨 작업을 기록과 함께 삭제' },
} as const satisfies Record<string, LocalizedText>;

/** The verbs of `data label` that change records; each is one action that `undo` takes back. */
export function addLabelActionVerbs(label: Command): void {
  const verb = (usage: string, text: LocalizedText) =>
    label.command(usage).description(say(text)).option('--json', say(texts.json));
  const aimed = (usage: string, text: LocalizedText) => withTargetFlags(verb(usage, text));
  const act = (
    id: string,
    json: boolean | undefined,
    action: (session: Session) => LabelAction | Promise<LabelAction>,
  ) =>
    withSession(new Output(json ?? false), async (session) =>
      showResult(session, await session.client.labels.act({ id, action: await action(session) })),
    );
  type Flags = TargetFlags & { json?: boolean };

  aimed('set <labelling> <label>', texts.set).action((id: string, name: string, flags: Flags) =>
    act(id, flags.json, () => ({
      kind: 'label',
      target: targetFrom(flags),
      answer: { kind: 'labels', labels: listOf(name) },
    })),
  );
  for (const kind of ['discard', 'accept', 'clear', 'delete'] as const) {
    aimed(`${kind} <labelling>`, texts[kind]).action((id: string, flags: Flags) =>
      act(id, flags.json, () => ({ kind, target: targetFrom(flags) })),
    );
  }
  aimed('flag <labelling>', texts.flag)
    .option('--off', say(texts.off))
    // `--flagged` names records, as everywhere; `--off` says what becomes of them.
    .action((id: string, flags: Flags & { off?: boolean }) =>
      act(id, flags.json, () => ({ kind: 'flag', target: targetFrom(flags), flagged: flags.off !== true })),
    );
  aimed('note <labelling> <text>', texts.note).action((id: string, note: string, flags: Flags) =>
    act(id, flags.json, () => ({
      kind: 'note',
      target: targetFrom(flags),
      note: note.trim() === '' ? null : note,
    })),
  );
  aimed('split <labelling> <split>', texts.split).action((id: string, split: string, flags: Flags) =>
    act(id, flags.json, () => ({
      kind: 'split',
      target: targetFrom(flags),
      split: labelFlag('<split>', split, splitSchema),
    })),
  );
  verb('edit <labelling> <number> <column> <text>', texts.edit).action(
    (id: string, number: string, column: string, text: string, { json }: { json?: boolean }) =>
      act(id, json, () => ({
        kind: 'edit',
        number: labelFlag('<number>', number, countSchema),
        fields: { [column]: text },
      })),
  );
  verb('add <labelling> <dataset>', texts.add).action(
    (id: string, given: string, { json }: { json?: boolean }) =>
      act(id, json, async ({ client }) => {
        const datasets = await client.datasets.list();
        const dataset =
          datasets.find((each) => each.id === given) ?? datasets.find(({ name }) => name === given);
        if (dataset === undefined)
          throw new TunebenchError('common.notFound', { kind: 'dataset', id: given });
        return { kind: 'add', datasetId: dataset.id };
      }),
  );
  verb('remove <labelling>', texts.remove).action((id: string, { json }: { json?: boolean }) =>
    withSession(new Output(json ?? false), async ({ client, output }) => {
      const removed = await client.labels.remove({ id });
      output.result(removed, () => [removed.id]);
    }),
  );
}
