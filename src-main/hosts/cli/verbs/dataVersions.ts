import type { Command } from 'commander';
import { type DatasetSummary, type VersionDiff, splitRequestSchema } from '../../../contract/datasets.ts';
import { describeChange } from '../../../contract/datasetTexts.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, table } from '../output.ts';
import { resolveDataset } from '../resolve.ts';
import { withSession } from '../session.ts';

const texts = {
  split: {
    en: 'Decide the split of every row anew, as a new version',
    ko: '모든 행의 분할을 새로 정해 새 버전으로 남기기',
  },
  validation: { en: 'share of rows for validation', ko: '검증용 비율' },
  test: { en: 'share of rows for the test', ko: '시험용 비율' },
  seed: { en: 'seed of the draw', ko: '무작위 시드' },
  tear: {
    en: 'let near-duplicates fall into different splits',
    ko: '거의 같은 글이 다른 분할에 들어가도 허용',
  },
  group: {
    en: 'rows with the same value in this column stay together',
    ko: '이 열의 값이 같은 행은 함께 두기',
  },
  synthetic: {
    en: 'rows written by a model may also be used to validate and test',
    ko: '모델이 쓴 행도 검증과 시험에 쓸 수 있게 허용',
  },
  byColumn: { en: 'take the split from this column', ko: '이 열에 적힌 분할대로' },
  byTime: { en: 'oldest rows to train on, newest for the test', ko: '오래된 행은 학습, 새 행은 시험으로' },
  folds: { en: 'cross-validation: how many folds', ko: '교차 검증 묶음 수' },
  fold: { en: 'the fold for validation, from 1', ko: '검증에 쓸 묶음(1부터)' },
  foldsVerb: {
    en: 'Make a dataset for each fold of a cross-validation; rows of the test stay the test',
    ko: '교차 검증의 묶음마다 데이터셋 만들기(시험 행은 그대로 시험)',
  },
  versions: { en: 'The versions of a dataset, oldest first', ko: '데이터셋의 버전(오래된 것부터)' },
  diff: { en: 'What changed between two versions, row by row', ko: '두 버전에서 달라진 행' },
  listed: { en: 'changes listed', ko: '보여 줄 변경 수' },
  restore: { en: 'Make an older version the newest again', ko: '이전 버전을 다시 최신으로' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  rows: { en: '{rows} rows', ko: '{rows}행' },
  counts: {
    en: '{added} added, {removed} removed, {changed} changed',
    ko: '추가 {added}, 삭제 {removed}, 변경 {changed}',
  },
} as const;

interface SplitFlags {
  validationShare?: string;
  testShare?: string;
  seed?: string;
  tearDuplicates?: boolean;
  groupColumn?: string;
  syntheticAnywhere?: boolean;
  byColumn?: string;
  byTime?: string;
  folds?: string;
  fold?: string;
  json?: boolean;
}

/** A version in a line: what it is and how it came to be. */
export function describeVersion({
  id,
  versionHash,
  rows,
  rowsBySplit,
  addedAt,
  author = '',
  change,
  note = '',
}: DatasetSummary): string[] {
  const { train, validation, test } = rowsBySplit;
  const counts = `${train} / ${validation} / ${test}`;
  const made = change === undefined ? note : say(describeChange(change));
  return [id, versionHash.slice(0, 12), say(texts.rows, { rows }), counts, addedAt, author, made];
}

function describeDiff({ added, removed, changed, changes }: VersionDiff): string[] {
  const lines = changes.flatMap((change) => {
    if (change.kind !== 'changed')
      return [`${change.kind === 'added' ? '+' : '-'} ${change.row} (${change.split})`];
    const [before, after] = change.splits;
    const split = before === after ? [] : [`split: ${before} → ${after}`];
    const values = change.values.map(
      (value) => `${value.column}: ${JSON.stringify(value.before)} → ${JSON.stringify(value.after)}`,
    );
    return [`~ ${change.row}`, ...[...split, ...values].map((line) => `    ${line}`)];
  });
  return [say(texts.counts, { added, removed, changed }), ...lines];
}

/** `data split | folds | versions | diff | restore` */
export function addDataVersions(data: Command): void {
  data
    .command('split')
    .description(say(texts.split))
    .argument('<dataset>')
    .option('--validation-share <share>', say(texts.validation), '0.1')
    .option('--test-share <share>', say(texts.test), '0.1')
    .option('--seed <number>', say(texts.seed), '0')
    .option('--tear-duplicates', say(texts.tear))
    .option('--group-column <column>', say(texts.group))
    .option('--synthetic-anywhere', say(texts.synthetic))
    .option('--by-column <column>', say(texts.byColumn))
    .option('--by-time <column>', say(texts.byTime))
    .option('--folds <number>', say(texts.folds))
    .option('--fold <number>', say(texts.fold))
    .option('--json', say(texts.json))
    .action((given: string, flags: SplitFlags) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const { shape } = splitRequestSchema;
        const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));
        const verb = 'data split';
        const dataset = await resolveDataset(session, given);
        const made = await session.client.datasets.split({
          id: dataset.id,
          validationShare: parseFlag(
            '--validation-share',
            number(flags.validationShare),
            shape.validationShare,
            verb,
          ),
          testShare: parseFlag('--test-share', number(flags.testShare), shape.testShare, verb),
          seed: parseFlag('--seed', number(flags.seed), shape.seed, verb),
          keepDuplicatesTogether: flags.tearDuplicates !== true,
          groupColumn: flags.groupColumn,
          syntheticAnywhere: flags.syntheticAnywhere === true,
          byColumn: flags.byColumn,
          byTime: flags.byTime,
          folds: parseFlag('--folds', number(flags.folds), shape.folds, verb),
          fold: parseFlag('--fold', number(flags.fold), shape.fold, verb),
        });
        session.output.result(made, () => table([describeVersion(made)]));
      }),
    );

  data
    .command('folds')
    .description(say(texts.foldsVerb))
    .argument('<dataset>')
    .option('--folds <number>', say(texts.folds), '5')
    .option('--seed <number>', say(texts.seed), '0')
    .option('--tear-duplicates', say(texts.tear))
    .option('--group-column <column>', say(texts.group))
    .option('--synthetic-anywhere', say(texts.synthetic))
    .option('--json', say(texts.json))
    .action((given: string, flags: SplitFlags) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const { shape } = splitRequestSchema;
        const dataset = await resolveDataset(session, given);
        const made = await session.client.datasets.folds({
          id: dataset.id,
          folds: parseFlag('--folds', Number(flags.folds), shape.folds.unwrap(), 'data folds'),
          seed: parseFlag('--seed', Number(flags.seed), shape.seed, 'data folds'),
          keepDuplicatesTogether: flags.tearDuplicates !== true,
          groupColumn: flags.groupColumn,
          syntheticAnywhere: flags.syntheticAnywhere === true,
        });
        session.output.result(made, () => table(made.map((fold) => [fold.name, ...describeVersion(fold)])));
      }),
    );

  data
    .command('versions')
    .description(say(texts.versions))
    .argument('<dataset>')
    .option('--json', say(texts.json))
    .action((given: string, { json }: { json?: boolean }) =>
      withSession(new Output(json ?? false), async (session) => {
        const { id } = await resolveDataset(session, given);
        const versions = await session.client.datasets.versions({ id });
        session.output.result(versions, () => table(versions.map(describeVersion)));
      }),
    );

  data
    .command('diff')
    .description(say(texts.diff))
    .argument('<older>')
    .argument('<newer>')
    .option('--listed <number>', say(texts.listed), '100')
    .option('--json', say(texts.json))
    .action((older: string, newer: string, flags: { listed?: string; json?: boolean }) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const diff = await session.client.datasets.diff({
          older: (await resolveDataset(session, older)).id,
          newer: (await resolveDataset(session, newer)).id,
          listed: Number(flags.listed),
        });
        session.output.result(diff, () => describeDiff(diff));
      }),
    );

  data
    .command('restore')
    .description(say(texts.restore))
    .argument('<version>')
    .option('--json', say(texts.json))
    .action((given: string, { json }: { json?: boolean }) =>
      withSession(new Output(json ?? false), async (session) => {
        const { id } = await resolveDataset(session, given);
        const restored = await session.client.datasets.restore({ id });
        session.output.result(restored, () => table([describeVersion(restored)]));
      }),
    );
}
