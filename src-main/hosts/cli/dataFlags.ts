import type { Command } from 'commander';
import { type FileFormat, type ReadOptions, readOptionsSchema } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type ColumnRole, columnRoleSchema } from '../../contract/methods.ts';
import type { LocalizedText } from '../../contract/text.ts';
import { say } from '../language.ts';
import { kebabCase } from './optionFlags.ts';
import type { RoleFlags } from './resolve.ts';

/** Flags about reading files and the parts of their columns, shared by `data import` and `train`. */
export interface DataFlags extends RoleFlags {
  columns?: string;
  format?: FileFormat;
  shape?: string;
  sheet?: string;
  guarded?: boolean;
  encoding?: string;
  delimiter?: string;
  splitColumn?: string;
  validationShare?: string;
  testShare?: string;
  skipBadRows?: boolean;
}

const texts = {
  group: { en: 'Data:', ko: '데이터:' },
  columns: { en: 'column names of a file without a header line', ko: '머리줄이 없는 파일의 열 이름' },
  format: {
    en: 'csv, tsv, jsonl, json, parquet, xlsx, text, paragraphs, conll or fasttext; left out: detected',
    ko: 'csv, tsv, jsonl, json, parquet, xlsx, text, paragraphs, conll, fasttext(생략하면 자동)',
  },
  shape: {
    en: 'layout of rows: plain, alpaca, shareGpt, messages or preference; left out: detected',
    ko: '행의 구성: plain, alpaca, shareGpt, messages, preference(생략하면 자동)',
  },
  sheet: { en: 'sheet of a workbook; left out: the first', ko: '엑셀 시트 이름(생략하면 첫 시트)' },
  guarded: {
    en: 'the file was exported with a guard against formulas: take it off',
    ko: '수식 방지 기호를 붙여 내보낸 파일: 기호 떼기',
  },
  encoding: {
    en: 'utf-8, utf-16le, utf-16be or euc-kr (cp949); left out: detected',
    ko: 'utf-8, utf-16le, utf-16be, euc-kr(cp949) (생략하면 자동)',
  },
  delimiter: { en: 'the character between columns', ko: '열을 나누는 문자' },
  splitColumn: { en: 'column that says train, validation or test', ko: 'train, validation, test를 적은 열' },
  validationShare: { en: 'share of rows held out for validation', ko: '검증용으로 떼어 둘 비율' },
  testShare: { en: 'share of rows held out for the test', ko: '시험용으로 떼어 둘 비율' },
  skipBadRows: { en: 'leave out rows that cannot be used', ko: '쓸 수 없는 행은 빼고 가져오기' },
} as const;

/** What the column of each part holds. */
const roleTexts = {
  text: { en: 'column with the text', ko: '글이 있는 열' },
  textPair: { en: 'column with a second text', ko: '두 번째 글이 있는 열' },
  label: { en: 'column with the label', ko: '라벨이 있는 열' },
  spans: { en: 'column with the marked stretches of the text', ko: '글에서 표시한 구간이 있는 열' },
  tokens: { en: 'column with the words of a text', ko: '글의 어절이 있는 열' },
  tags: { en: 'column with a tag for each word', ko: '어절마다의 태그가 있는 열' },
  prompt: { en: 'column with the prompt', ko: '질문(프롬프트)이 있는 열' },
  completion: { en: 'column with the answer to be written', ko: '써야 할 답이 있는 열' },
  messages: { en: 'column with a whole conversation', ko: '대화 전체가 있는 열' },
  chosen: { en: 'column with the better answer', ko: '더 나은 답이 있는 열' },
  rejected: { en: 'column with the worse answer', ko: '더 나쁜 답이 있는 열' },
  question: { en: 'column with the question about a passage', ko: '지문에 대한 질문이 있는 열' },
  context: { en: 'column with the passage', ko: '지문이 있는 열' },
  answer: { en: 'column with the answer that stands in the passage', ko: '지문 안의 답이 있는 열' },
  answerStart: { en: 'column with the place of the answer', ko: '답의 위치가 있는 열' },
} as const satisfies Record<ColumnRole, LocalizedText>;

/** Adds the flags about reading files. */
export function addReadingFlags(command: Command): Command {
  command
    .optionsGroup(say(texts.group))
    .option('--columns <a,b,…>', say(texts.columns))
    .option('--format <format>', say(texts.format))
    .option('--shape <shape>', say(texts.shape))
    .option('--sheet <name>', say(texts.sheet))
    .option('--guarded', say(texts.guarded))
    .option('--encoding <encoding>', say(texts.encoding))
    .option('--delimiter <character>', say(texts.delimiter));
  for (const role of columnRoleSchema.options) {
    command.option(`--${kebabCase(role)} <column>`, say(roleTexts[role]));
  }
  return command.option('--split-column <column>', say(texts.splitColumn));
}

/** Adds the flags about reading and importing files. */
export function addDataFlags(command: Command, shares: { validation: string; test: string }): void {
  addReadingFlags(command)
    .option('--validation-share <share>', say(texts.validationShare), shares.validation)
    .option('--test-share <share>', say(texts.testShare), shares.test)
    .option('--skip-bad-rows', say(texts.skipBadRows));
}

/** How to read the files, as given by flags. */
export function readOptionsFromFlags(flags: DataFlags, verb: string): ReadOptions {
  const raw = {
    format: flags.format,
    shape: flags.shape,
    sheet: flags.sheet,
    guarded: flags.guarded,
    encoding: flags.encoding?.toLowerCase() === 'cp949' ? 'euc-kr' : flags.encoding,
    delimiter: flags.delimiter === '\\t' ? '\t' : flags.delimiter,
    columns: flags.columns?.split(',').map((name) => name.trim()),
  };
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
  const parsed = readOptionsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? 'format');
  throw new TunebenchError('cli.badFlag', {
    flag: `--${name}`,
    value: String(given[name]),
    detail: issue?.message ?? '–',
    verb,
  });
}

/** The parts columns play, as given by flags. */
export function rolesFromFlags(flags: DataFlags): RoleFlags {
  return Object.fromEntries(columnRoleSchema.options.map((role) => [role, flags[role]]));
}

/** A share between 0 and 0.9. */
export function parseShare(flag: string, value: string | undefined, verb: string): number {
  const share = Number(value ?? 0);
  if (Number.isFinite(share) && share >= 0 && share <= 0.9) return share;
  throw new TunebenchError('cli.badFlag', { flag, value: String(value), detail: '0 – 0.9', verb });
}
