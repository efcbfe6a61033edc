import type { Command } from 'commander';
import { type DatasetSummary, type SourceFile, splitSchema } from '../../../contract/datasets.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { say } from '../../language.ts';
import {
  type DataFlags,
  addDataFlags,
  parseShare,
  readOptionsFromFlags,
  rolesFromFlags,
} from '../dataFlags.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, table } from '../output.ts';
import { addLabelVerbs } from './dataLabel.ts';
import { importFiles } from '../resolve.ts';
import { withSession } from '../session.ts';
import { addDataCheck } from './dataCheck.ts';
import { addDataExpand } from './dataExpand.ts';
import { addDataExport } from './dataExport.ts';
import { addDataFix } from './dataFix.ts';
import { addDataVersions } from './dataVersions.ts';

const texts = {
  data: {
    en: 'Datasets: import, export, check, fix, split, versions, expand, label',
    ko: '데이터셋: 가져오기, 내보내기, 검사, 고치기, 분할, 버전, 늘리기, 라벨',
  },
  list: { en: 'List the datasets in the library', ko: '보관함의 데이터셋 목록' },
  import: {
    en: 'Import files, or a folder per class, as one dataset',
    ko: '파일이나 분류별 폴더를 한 데이터셋으로 가져오기',
  },
  hub: {
    en: 'a dataset of the Hugging Face Hub instead of files',
    ko: '파일 대신 허깅페이스 허브의 데이터셋',
  },
  revision: { en: 'its branch, tag or commit', ko: '브랜치, 태그, 커밋' },
  subset: { en: 'which part of it, where it has several', ko: '여러 부분이 있으면 그중 하나' },
  name: { en: 'what to call it', ko: '데이터셋 이름' },
  split: {
    en: 'split of every row: train, validation or test',
    ko: '모든 행의 분할: train, validation, test',
  },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  none: { en: 'There are no datasets yet.', ko: '아직 데이터셋이 없습니다.' },
  rows: { en: '{rows} rows', ko: '{rows}행' },
  labels: { en: '{labels} labels', ko: '라벨 {labels}개' },
} as const;

interface ImportFlags extends DataFlags {
  hub?: string;
  revision: string;
  subset?: string;
  name?: string;
  split?: string;
  json?: boolean;
}

function describeDataset(dataset: DatasetSummary): string[] {
  const { train, validation, test } = dataset.rowsBySplit;
  return [
    dataset.id,
    dataset.name,
    say(texts.rows, { rows: dataset.rows }),
    `${train} / ${validation} / ${test}`,
    dataset.labels.length > 0 ? say(texts.labels, { labels: dataset.labels.length }) : '–',
    Object.entries(dataset.mapping.roles)
      .map(([role, column]) => `${role}=${column}`)
      .join(', '),
  ];
}

/** `data list | import | export | check | fix | relabel | undo | redo | split | folds | versions | diff | restore | expand | label` */
export function addDataVerb(program: Command): void {
  const data = program.command('data').description(say(texts.data));
  addLabelVerbs(data);

  data
    .command('list')
    .description(say(texts.list))
    .option('--json', say(texts.json))
    .action(({ json }: { json?: boolean }) =>
      withSession(new Output(json ?? false), async ({ client, output }) => {
        const found = await client.datasets.list();
        output.result(found, () =>
          found.length === 0 ? [say(texts.none)] : table(found.map(describeDataset)),
        );
      }),
    );

  const importing = data
    .command('import')
    .description(say(texts.import))
    .argument('[file...]')
    .option('--hub <owner/name>', say(texts.hub))
    .option('--revision <revision>', say(texts.revision), 'main')
    .option('--subset <name>', say(texts.subset))
    .option('--name <name>', say(texts.name))
    .option('--split <split>', say(texts.split))
    .option('--json', say(texts.json))
    .action((paths: string[], flags: ImportFlags) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const verb = 'data import';
        const split = parseFlag('--split', flags.split, splitSchema.optional(), verb);
        const files: SourceFile[] = paths.map((path) => ({ path, split }));
        if (flags.hub !== undefined) {
          const { hub: hubId, revision, subset } = flags;
          const fetched = await session.client.datasets.fetchHub({ hubId, revision, subset });
          files.push(
            ...fetched.files.map((file) => ({ ...file, ...(split === undefined ? {} : { split }) })),
          );
        }
        if (files.length === 0) throw new TunebenchError('cli.nothingToImport');
        const dataset = await importFiles(session, {
          name: flags.name ?? flags.hub?.split('/').at(-1),
          files,
          options: readOptionsFromFlags(flags, verb),
          roles: rolesFromFlags(flags),
          splitColumn: flags.splitColumn,
          validationShare: parseShare('--validation-share', flags.validationShare, verb),
          testShare: parseShare('--test-share', flags.testShare, verb),
          seed: 0,
          skipBadRows: flags.skipBadRows ?? false,
        });
        session.output.result(dataset, () => table([describeDataset(dataset)]));
      }),
    );
  addDataFlags(importing, { validation: '0.1', test: '0' });
  addDataExport(data);
  addDataCheck(data);
  addDataFix(data);
  addDataVersions(data);
  addDataExpand(data);
}
