import type { Command } from 'commander';
import { z } from 'zod';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { type LabelRule, labellingTaskSchema, recordOrderSchema } from '../../../contract/labels.ts';
import type { LocalizedText } from '../../../contract/text.ts';
import { say } from '../../language.ts';
import { type FilterFlags, filterFrom, withFilterFlags } from '../filterFlags.ts';
import { Output, table } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { addLabelActionVerbs } from './dataLabelActions.ts';
import { addLabelHelpVerbs } from './dataLabelHelp.ts';
import {
  countSchema,
  describeLabelling,
  describeRecord,
  labelFlag,
  listOf,
  showResult,
} from './labelFlags.ts';

const existingSchema = z.enum(['answers', 'suggestions', 'nothing']);

const texts = {
  label: {
    en: 'Label records: open, queues, actions, history, versions',
    ko: '라벨 붙이기: 열기, 대기열, 작업, 기록, 버전',
  },
  list: { en: 'List the labellings', ko: '라벨 작업 목록' },
  open: {
    en: 'Copy a dataset into records that can be labelled',
    ko: '데이터셋을 라벨을 붙일 레코드로 복사',
  },
  show: { en: 'Show records of a queue', ko: '대기열의 레코드 보기' },
  undo: { en: 'Take the last action back', ko: '마지막 작업 되돌리기' },
  redo: { en: 'Do the last undone action again', ko: '되돌린 작업 다시 하기' },
  revert: { en: 'Go to how everything was after an entry of the history', ko: '기록의 한 시점으로 돌아가기' },
  history: { en: 'What was done, newest first', ko: '한 일 (최근 것부터)' },
  rules: {
    en: 'Try keyword and regex rules, or suggest by them',
    ko: '낱말·정규식 규칙을 시험하거나 제안으로 적용',
  },
  publish: { en: 'Make a dataset of the labelled records', ko: '라벨이 붙은 레코드로 데이터셋 만들기' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  task: {
    en: 'single, multi, spans, preference, rating or correction',
    ko: 'single, multi, spans, preference, rating, correction',
  },
  labels: { en: 'labels, separated by commas', ko: '라벨 (쉼표로 구분)' },
  existing: {
    en: 'labels already there: answers, suggestions or nothing',
    ko: '이미 있는 라벨: answers, suggestions, nothing',
  },
  seed: { en: 'seed of the random order', ko: '무작위 순서의 시드' },
  order: {
    en: 'number, random, shortest, longest, score, margin, entropy, diversity or suspect',
    ko: 'number, random, shortest, longest, score, margin, entropy, diversity, suspect',
  },
  kept: { en: 'a kept filter by its name', ko: '보관한 필터의 이름' },
  limit: { en: 'how many', ko: '개수' },
  name: { en: 'what to call the version', ko: '버전 이름' },
  apply: { en: 'put what the rules say as suggestions', ko: '규칙의 결과를 제안으로 넣기' },
  none: { en: 'No labelling yet.', ko: '라벨 작업이 없습니다.' },
  covered: {
    en: '{covered} covered, {conflicting} conflicting, {right} of {labelled} right',
    ko: '{covered}개 해당, {conflicting}개 충돌, {labelled}개 중 {right}개 맞음',
  },
} as const satisfies Record<string, LocalizedText>;

/** `keyword` or `/expression/` before the arrow, the label after it: `환불=refund`. */
function ruleFrom(text: string): LabelRule {
  const at = text.lastIndexOf('=');
  const pattern = text.slice(0, at).trim();
  const label = text.slice(at + 1).trim();
  if (at < 0 || pattern === '' || label === '') {
    throw new TunebenchError('cli.badFlag', {
      flag: '<rule>',
      value: text,
      detail: 'keyword=label, /expression/=label',
      verb: 'data label',
    });
  }
  const expression = /^\/(.+)\/$/s.exec(pattern)?.[1];
  return expression === undefined
    ? { form: 'keyword', pattern, label }
    : { form: 'expression', pattern: expression, label };
}

/** `data label …`: the labelling page without a window. */
export function addLabelVerbs(data: Command): void {
  const label = data.command('label').description(say(texts.label));
  const verb = (usage: string, text: LocalizedText) =>
    label.command(usage).description(say(text)).option('--json', say(texts.json));
  const session = <Result>(json: boolean | undefined, work: (session: Session) => Promise<Result>) =>
    withSession(new Output(json ?? false), work);
  verb('list', texts.list).action(({ json }: { json?: boolean }) =>
    session(json, async ({ client, output }) => {
      const found = await client.labels.list();
      output.result(found, () =>
        found.length === 0 ? [say(texts.none)] : table(found.map(describeLabelling)),
      );
    }),
  );

  verb('open <dataset>', texts.open)
    .option('--task <task>', say(texts.task), 'single')
    .option('--labels <list>', say(texts.labels))
    .option('--existing <what>', say(texts.existing), 'answers')
    .option('--seed <seed>', say(texts.seed), '0')
    .action(
      (
        given: string,
        flags: { task: string; labels?: string; existing: string; seed: string; json?: boolean },
      ) =>
        session(flags.json, async ({ client, output }) => {
          const datasets = await client.datasets.list();
          const dataset =
            datasets.find(({ id }) => id === given) ?? datasets.find(({ name }) => name === given);
          if (dataset === undefined)
            throw new TunebenchError('common.notFound', { kind: 'dataset', id: given });
          const opened = await client.labels.open({
            datasetId: dataset.id,
            task: labelFlag('--task', flags.task, labellingTaskSchema),
            existing: labelFlag('--existing', flags.existing, existingSchema),
            seed: labelFlag('--seed', flags.seed, countSchema),
            ...(flags.labels === undefined ? {} : { labels: listOf(flags.labels) }),
          });
          output.result(opened, () => table([describeLabelling(opened)]));
        }),
    );

  withFilterFlags(verb('show <labelling>', texts.show))
    .option('--filter <name>', say(texts.kept))
    .option('--order <order>', say(texts.order), 'number')
    .option('--limit <count>', say(texts.limit), '20')
    .action(
      (id: string, flags: FilterFlags & { filter?: string; order: string; limit: string; json?: boolean }) =>
        session(flags.json, async ({ client, output }) => {
          const kept = (await client.labels.filters({ id })).find(({ name }) => name === flags.filter);
          if (flags.filter !== undefined && kept === undefined) {
            throw new TunebenchError('common.notFound', { kind: 'filter', id: flags.filter });
          }
          const { records } = await client.labels.page({
            id,
            filter: { ...kept?.filter, ...filterFrom(flags, 'data label') },
            order: kept?.order ?? labelFlag('--order', flags.order, recordOrderSchema),
            limit: labelFlag('--limit', flags.limit, countSchema),
          });
          output.result(records, () => table(records.map(describeRecord)));
        }),
    );

  for (const direction of ['undo', 'redo'] as const) {
    verb(`${direction} <labelling>`, texts[direction]).action((id: string, { json }: { json?: boolean }) =>
      session(json, async (current) => showResult(current, await current.client.labels[direction]({ id }))),
    );
  }
  verb('revert <labelling> <entry>', texts.revert).action(
    (id: string, entry: string, { json }: { json?: boolean }) =>
      session(json, async (current) => {
        const sequence = labelFlag('<entry>', entry, countSchema);
        showResult(current, await current.client.labels.revert({ id, sequence }));
      }),
  );
  verb('history <labelling>', texts.history)
    .option('--limit <count>', say(texts.limit), '50')
    .action((id: string, flags: { limit: string; json?: boolean }) =>
      session(flags.json, async ({ client, output }) => {
        const entries = await client.labels.history({
          id,
          limit: labelFlag('--limit', flags.limit, countSchema),
        });
        output.result(entries, () =>
          table(
            entries.map(({ sequence, at, author, kind, value, records, done }) => [
              String(sequence),
              at,
              author,
              done === false ? `(${kind})` : kind,
              value ?? '',
              String(records),
            ]),
          ),
        );
      }),
    );
  verb('rules <labelling> <rule...>', texts.rules)
    .option('--apply', say(texts.apply))
    .action((id: string, given: string[], flags: { apply?: boolean; json?: boolean }) =>
      session(flags.json, async (current) => {
        const rules = given.map(ruleFrom);
        if (flags.apply) {
          showResult(current, await current.client.labels.act({ id, action: { kind: 'suggest', rules } }));
          return;
        }
        const report = await current.client.labels.tryRules({ id, rules });
        current.output.result(report, () =>
          table(report.rules.map((facts, index) => [given[index] ?? '', say(texts.covered, facts)])),
        );
      }),
    );
  verb('publish <labelling>', texts.publish)
    .option('--name <name>', say(texts.name))
    .action((id: string, flags: { name?: string; json?: boolean }) =>
      session(flags.json, async ({ client, output }) => {
        const version = await client.labels.publish({
          id,
          ...(flags.name === undefined ? {} : { name: flags.name }),
        });
        output.result(version, () =>
          table([[version.id, version.name, String(version.rows), version.versionHash]]),
        );
      }),
    );
  addLabelActionVerbs(label);
  addLabelHelpVerbs(label);
}
