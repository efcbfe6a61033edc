import type { Command } from 'commander';
import { TunebenchError } from '../../../contract/errors/index.ts';
import type { HelpSource, HelpState } from '../../../contract/labelHelp.ts';
import { type SavedFilter, recordOrderSchema } from '../../../contract/labels.ts';
import type { LocalizedText } from '../../../contract/text.ts';
import { say } from '../../language.ts';
import { type FilterFlags, filterFrom, withFilterFlags } from '../filterFlags.ts';
import { Output, table } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { countSchema, describeLabelling, describeRecord, labelFlag, showResult } from './labelFlags.ts';

const texts = {
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  help: { en: 'Let a model suggest labels, or stop it', ko: '모델에게 라벨을 제안받거나 그만두기' },
  model: {
    en: 'base model (id or name) for a probe that learns from the labels',
    ko: '라벨에서 배우는 간이 분류기의 기반 모델 (ID나 이름)',
  },
  run: { en: 'finished run that knows the labels', ko: '같은 라벨로 학습을 마친 실행' },
  stop: { en: 'take the suggestions away', ko: '제안 없애기' },
  noHelp: { en: 'No model suggests labels.', ko: '라벨을 제안하는 모델이 없습니다.' },
  helped: {
    en: '{name}: {records} records read, learned from {learned}, {accuracy} right unseen.',
    ko: '{name}: 레코드 {records}개 읽음, 라벨 {learned}개에서 배움, 보지 않은 것 {accuracy} 맞음.',
  },
  similar: { en: 'The records most like one', ko: '한 레코드와 가장 비슷한 레코드' },
  limit: { en: 'how many', ko: '개수' },
  rename: {
    en: 'Give a label another name, or make it one with another',
    ko: '라벨 이름을 바꾸거나 다른 라벨과 합치기',
  },
  filters: {
    en: 'Filters kept for the dataset; keep or remove one',
    ko: '데이터셋에 보관한 필터 보기·보관·삭제',
  },
  save: {
    en: 'keep the filter given by the other flags under this name',
    ko: '다른 옵션으로 정한 필터를 이 이름으로 보관',
  },
  remove: { en: 'remove the filter of this name', ko: '이 이름의 필터 삭제' },
  order: {
    en: 'number, random, shortest, longest, score, margin, entropy, diversity or suspect',
    ko: 'number, random, shortest, longest, score, margin, entropy, diversity, suspect',
  },
  agreement: {
    en: 'How far labellings of the same rows agree',
    ko: '같은 행에 붙인 라벨이 얼마나 일치하는지',
  },
  agreed: {
    en: '{records} records in common, {disagreements} differ; same {raw}, Fleiss κ {fleiss}, Krippendorff α {alpha}',
    ko: '함께 붙인 레코드 {records}개 중 {disagreements}개 다름, 일치 {raw}, Fleiss κ {fleiss}, Krippendorff α {alpha}',
  },
  adjudicate: {
    en: 'Make a labelling that settles what several agree on and keeps the rest as drafts to decide',
    ko: '여러 작업이 같은 답을 낸 것은 확정하고 나머지는 결정할 초안으로 두는 라벨 작업 만들기',
  },
  name: { en: 'what to call it', ko: '이름' },
} as const satisfies Record<string, LocalizedText>;

const figure = (value: number | null) => (value === null ? '–' : value.toFixed(3));

function describeHelp(help: HelpState | null): string[] {
  if (help === null) return [say(texts.noHelp)];
  const { name, records, learned, accuracy } = help;
  return [say(texts.helped, { name, records, learned: learned ?? '–', accuracy: figure(accuracy) })];
}

async function sourceFrom({ client }: Session, flags: { model?: string; run?: string }): Promise<HelpSource> {
  if (flags.run !== undefined) return { kind: 'run', runId: flags.run };
  const models = await client.models.list();
  const model =
    models.find(({ id }) => id === flags.model) ?? models.find(({ name }) => name === flags.model);
  if (model === undefined)
    throw new TunebenchError('common.notFound', { kind: 'model', id: flags.model ?? '' });
  return { kind: 'probe', modelId: model.id };
}

const describeFilter = ({ name, filter, order }: SavedFilter) => [name, JSON.stringify(filter), order];

/** The verbs of `data label` that help to decide: models, similar records, kept filters, rounds. */
export function addLabelHelpVerbs(label: Command): void {
  const verb = (usage: string, text: LocalizedText) =>
    label.command(usage).description(say(text)).option('--json', say(texts.json));
  const session = <Result>(json: boolean | undefined, work: (session: Session) => Promise<Result>) =>
    withSession(new Output(json ?? false), work);

  verb('suggest <labelling>', texts.help)
    .option('--model <model>', say(texts.model))
    .option('--run <run>', say(texts.run))
    .option('--stop', say(texts.stop))
    .action((id: string, flags: { model?: string; run?: string; stop?: boolean; json?: boolean }) =>
      session(flags.json, async (current) => {
        const { client, output } = current;
        if (flags.stop) await client.labels.stopHelp({ id });
        else if (flags.model !== undefined || flags.run !== undefined) {
          await client.labels.startHelp({ id, source: await sourceFrom(current, flags) });
        }
        const { help } = (await client.labels.get({ id })).state;
        output.result(help, () => describeHelp(help));
      }),
    );

  verb('similar <labelling> <number>', texts.similar)
    .option('--limit <count>', say(texts.limit), '20')
    .action((id: string, given: string, flags: { limit: string; json?: boolean }) =>
      session(flags.json, async ({ client, output }) => {
        const number = labelFlag('<number>', given, countSchema);
        const limit = labelFlag('--limit', flags.limit, countSchema);
        const found = await client.labels.similar({ id, number, limit });
        output.result(found, () =>
          table(found.records.map((record) => [figure(record.similarity), ...describeRecord(record)])),
        );
      }),
    );

  verb('rename <labelling> <from> <to>', texts.rename).action(
    (id: string, from: string, to: string, { json }: { json?: boolean }) =>
      session(json, async (current) =>
        showResult(current, await current.client.labels.act({ id, action: { kind: 'rename', from, to } })),
      ),
  );

  withFilterFlags(verb('filters <labelling>', texts.filters))
    .option('--order <order>', say(texts.order), 'number')
    .option('--save <name>', say(texts.save))
    .option('--remove <name>', say(texts.remove))
    .action(
      (id: string, flags: FilterFlags & { order: string; save?: string; remove?: string; json?: boolean }) =>
        session(flags.json, async ({ client, output }) => {
          if (flags.save !== undefined) {
            const order = labelFlag('--order', flags.order, recordOrderSchema);
            await client.labels.saveFilter({
              id,
              name: flags.save,
              filter: filterFrom(flags, 'data label'),
              order,
            });
          }
          if (flags.remove !== undefined) await client.labels.removeFilter({ id, name: flags.remove });
          const kept = await client.labels.filters({ id });
          output.result(kept, () => table(kept.map(describeFilter)));
        }),
    );

  verb('agreement <labelling...>', texts.agreement).action((ids: string[], { json }: { json?: boolean }) =>
    session(json, async ({ client, output }) => {
      const found = await client.labels.agreement({ ids });
      const { records, disagreements, raw, fleiss, krippendorff, pairs } = found;
      output.result(found, () => [
        say(texts.agreed, {
          records,
          disagreements,
          raw: figure(raw),
          fleiss: figure(fleiss),
          alpha: figure(krippendorff),
        }),
        ...table(
          pairs.map((pair) => [pair.first, pair.second, String(pair.records), `κ ${figure(pair.cohen)}`]),
        ),
      ]);
    }),
  );

  verb('adjudicate <labelling...>', texts.adjudicate)
    .option('--name <name>', say(texts.name))
    .action((ids: string[], flags: { name?: string; json?: boolean }) =>
      session(flags.json, async ({ client, output }) => {
        const made = await client.labels.adjudicate({
          ids,
          ...(flags.name === undefined ? {} : { name: flags.name }),
        });
        output.result(made, () => table([describeLabelling(made)]));
      }),
    );
}
