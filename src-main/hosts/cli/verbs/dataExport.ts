import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  type FileFormat,
  exportRequestSchema,
  fileFormatSchema,
  recordShapeSchema,
  splitSchema,
} from '../../../contract/datasets.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, formatBytes } from '../output.ts';
import { resolveDataset } from '../resolve.ts';
import { withSession } from '../session.ts';

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
  split: { en: 'only rows of these splits', ko: '이 분할의 행만' },
  label: { en: 'only rows with these labels', ko: '이 라벨의 행만' },
  contains: { en: 'only rows that contain this text', ko: '이 글이 든 행만' },
  raw: {
    en: 'text tables exactly as they are, without the guard against formulas and the mark for Excel',
    ko: '수식 방지 기호와 엑셀용 표시 없이 있는 그대로',
  },
  replace: { en: 'replace the file if it is there', ko: '파일이 이미 있으면 바꾸기' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  written: { en: '{rows} rows written to {path}', ko: '{rows}행을 {path}에 썼습니다' },
} as const;

interface ExportFlags {
  format?: string;
  shape?: string;
  split?: string[];
  label?: string[];
  contains?: string;
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

/** `data export DATASET PATH` */
export function addDataExport(data: Command): void {
  const verb = 'data export';
  data
    .command('export')
    .description(say(texts.export))
    .argument('<dataset>')
    .argument('<path>')
    .option('--format <format>', say(texts.format))
    .option('--shape <shape>', say(texts.shape), 'plain')
    .option('--split <split...>', say(texts.split))
    .option('--label <label...>', say(texts.label))
    .option('--contains <text>', say(texts.contains))
    .option('--raw', say(texts.raw))
    .option('--replace', say(texts.replace))
    .option('--json', say(texts.json))
    .action((given: string, target: string, flags: ExportFlags) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const format = flags.format ?? formatsByEnding[path.extname(target).toLowerCase()] ?? 'jsonl';
        const request = exportRequestSchema.parse({
          format: parseFlag('--format', format, fileFormatSchema, verb),
          shape: parseFlag('--shape', flags.shape, recordShapeSchema, verb),
          filter: {
            splits: parseFlag('--split', flags.split, z.array(splitSchema).optional(), verb),
            labels: flags.label,
            contains: flags.contains,
          },
          forSpreadsheets: flags.raw !== true,
          replace: flags.replace ?? false,
        });
        const dataset = await resolveDataset(session, given);
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
}
