import path from 'node:path';
import type { Command } from 'commander';
import {
  type FileFormat,
  exportRequestSchema,
  fileFormatSchema,
  recordShapeSchema,
} from '../../../contract/datasets.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { healthCheckSchema } from '../../../contract/health.ts';
import type { LabellingSummary } from '../../../contract/labels.ts';
import type { RecordFilter } from '../../../contract/recordFilter.ts';
import { say } from '../../language.ts';
import { type FilterFlags, filterFrom, withFilterFlags } from '../filterFlags.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, formatBytes } from '../output.ts';
import { resolveDataset } from '../resolve.ts';
import { type Session, withSession } from '../session.ts';
import { type JudgingFlags, addJudgingFlags, healthOptionsFromFlags } from './dataCheck.ts';

const texts = {
  export: {
    en: 'Write a dataset into a file, or a folder per class',
    ko: '데이터셋을 파일이나 분류별 폴더로 내보내기',
  },
  format: {
    en: 'csv, tsv, jsonl, json, parquet, xlsx, text, paragraphs, conll, fasttext or folder; left out: by the ending',
    ko: 'csv, tsv, jsonl, json, parquet, xlsx, text, paragraphs, conll, fasttext, folder(생략하면 확장자로)',
  },
  shape: {
    en: 'layout of rows: plain, alpaca, shareGpt, messages or preference',
    ko: '행의 구성: plain, alpaca, shareGpt, messages, preference',
  },
  labelling: {
    en: 'records of this labelling, with their answers as they are now: its name or id',
    ko: '이 라벨 작업의 레코드를 지금의 답과 함께 (이름이나 ID)',
  },
  kept: { en: 'a filter that was kept while labelling, by its name', ko: '라벨 작업에서 보관한 필터의 이름' },
  finding: {
    en: 'only rows that a check names, such as nearDuplicates or labelErrors',
    ko: '검사에서 나온 행만 (nearDuplicates, labelErrors 등)',
  },
  marks: {
    en: 'columns for number, status, suggestion, score, flag and note of each record',
    ko: '레코드의 번호·상태·제안·확률·표시·메모도 열로 쓰기',
  },
  raw: {
    en: 'text tables exactly as they are, without the guard against formulas and the mark for Excel',
    ko: '수식 방지 기호와 엑셀용 표시 없이 있는 그대로',
  },
  replace: { en: 'replace the file if it is there', ko: '파일이 이미 있으면 바꾸기' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  written: { en: '{rows} rows written to {path}', ko: '{rows}행을 {path}에 썼습니다' },
} as const;

interface ExportFlags extends FilterFlags, JudgingFlags {
  format?: string;
  shape?: string;
  labelling?: string;
  filter?: string;
  finding?: string;
  marks?: boolean;
  raw?: boolean;
  replace?: boolean;
  json?: boolean;
}

const formatsByEnding: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.xlsx': 'xlsx',
  '.txt': 'text',
  '.conll': 'conll',
  '.bio': 'conll',
  '.ft': 'fasttext',
};

async function findLabelling(
  { client }: Session,
  given: string | undefined,
): Promise<LabellingSummary | undefined> {
  if (given === undefined) return undefined;
  const known = await client.labels.list();
  const found = known.find(({ id }) => id === given) ?? known.find(({ name }) => name === given);
  if (found === undefined) throw new TunebenchError('common.notFound', { kind: 'labelling', id: given });
  return found;
}

async function keptFilter(
  { client }: Session,
  labelling: LabellingSummary | undefined,
  name: string | undefined,
): Promise<RecordFilter> {
  if (name === undefined) return {};
  if (labelling === undefined) {
    const what = say(texts.labelling);
    throw new TunebenchError('cli.missingFlag', { flag: '--labelling', what, verb: 'data export' });
  }
  const kept = (await client.labels.filters({ id: labelling.id })).find((filter) => filter.name === name);
  if (kept === undefined) throw new TunebenchError('common.notFound', { kind: 'filter', id: name });
  return kept.filter;
}

async function findingFrom(session: Session, flags: ExportFlags, verb: string) {
  if (flags.finding === undefined) return {};
  const check = parseFlag('--finding', flags.finding, healthCheckSchema, verb);
  return { finding: { check, options: await healthOptionsFromFlags(session, flags, verb) } };
}

/** `data export DATASET PATH` */
export function addDataExport(data: Command): void {
  const verb = 'data export';
  const exporting = data
    .command('export')
    .description(say(texts.export))
    .argument('<dataset>')
    .argument('<path>')
    .option('--format <format>', say(texts.format))
    .option('--shape <shape>', say(texts.shape), 'plain')
    .option('--labelling <labelling>', say(texts.labelling))
    .option('--filter <name>', say(texts.kept))
    .option('--finding <check>', say(texts.finding))
    .option('--marks', say(texts.marks))
    .option('--raw', say(texts.raw))
    .option('--replace', say(texts.replace))
    .option('--json', say(texts.json))
    .action((given: string, target: string, flags: ExportFlags) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const format = flags.format ?? formatsByEnding[path.extname(target).toLowerCase()] ?? 'jsonl';
        const dataset = await resolveDataset(session, given);
        const labelling = await findLabelling(session, flags.labelling);
        const request = exportRequestSchema.parse({
          format: parseFlag('--format', format, fileFormatSchema, verb),
          shape: parseFlag('--shape', flags.shape, recordShapeSchema, verb),
          filter: {
            ...(await keptFilter(session, labelling, flags.filter)),
            ...filterFrom(flags, verb),
            ...(await findingFrom(session, flags, verb)),
          },
          labellingId: labelling?.id,
          withMarks: flags.marks ?? false,
          forSpreadsheets: flags.raw !== true,
          replace: flags.replace ?? false,
        });
        const result = await session.client.datasets.export({
          ...request,
          id: dataset.id,
          path: path.resolve(target),
        });
        session.output.result(result, () => [
          `${say(texts.written, { rows: result.rows, path: result.path })}${
            result.sizeBytes === null ? '' : ` (${formatBytes(result.sizeBytes)})`
          }`,
        ]);
      }),
    );
  withFilterFlags(exporting);
  addJudgingFlags(exporting);
}
