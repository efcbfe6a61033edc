import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { z } from 'zod';
import { localizeProblem } from '../../../contract/errors/index.ts';
import { fixNames } from '../../../contract/datasetTexts.ts';
import {
  type DatasetHealth,
  type HealthOptions,
  type HealthSource,
  healthOptionsSchema,
} from '../../../contract/health.ts';
import { say, systemLanguage } from '../../language.ts';
import { type DataFlags, addReadingFlags, readOptionsFromFlags, rolesFromFlags } from '../dataFlags.ts';
import { parseFlag } from '../flagValues.ts';
import { Output } from '../output.ts';
import { mappingFromFlags, resolveDataset, resolveModel } from '../resolve.ts';
import { type Session, withSession } from '../session.ts';

const texts = {
  check: {
    en: 'Look for what is wrong with files, a folder, or a dataset of the library',
    ko: '파일, 폴더, 보관함 데이터셋에서 잘못된 것 찾기',
  },
  threshold: {
    en: 'share of common pieces from which texts count as near-duplicates',
    ko: '거의 같은 글로 볼 조각 겹침 비율',
  },
  longer: { en: 'characters from which a text counts as too long', ko: '너무 길다고 볼 글자 수' },
  extent: {
    en: 'what is to be trained: head, adapter or full',
    ko: '학습할 범위: head, adapter, full',
  },
  tokenizer: {
    en: 'base model whose tokenizer counts tokens: a name, an id or a folder',
    ko: '토큰을 셀 기반 모델(이름, ID, 폴더)',
  },
  maximumTokens: { en: 'tokens from which a text will be cut', ko: '글을 자를 토큰 수' },
  tokens: {
    en: 'Tokens: {truncated} rows over {maximumTokens}; {unknown} % unknown; {perWord} a word',
    ko: '토큰: {maximumTokens}개를 넘는 행 {truncated}개, 모르는 토큰 {unknown}%, 낱말마다 {perWord}개',
  },
  fix: {
    en: 'Fix: --finding {check} --with {fix} ({name})',
    ko: '고치기: --finding {check} --with {fix} ({name})',
  },
  listed: { en: 'groups of rows listed per finding', ko: '발견마다 보여 줄 묶음 수' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  healthy: { en: '{rows} rows, nothing found.', ko: '{rows}행, 발견된 문제가 없습니다.' },
  summary: {
    en: '{rows} rows: train {train}, validation {validation}, test {test}',
    ko: '{rows}행: 학습 {train}, 검증 {validation}, 시험 {test}',
  },
  serious: { en: 'serious', ko: '심각' },
  notice: { en: 'notice', ko: '참고' },
  row: { en: 'row {row}', ko: '{row}행' },
} as const;

/** Flags about what counts as a finding. */
export interface JudgingFlags {
  nearDuplicates?: string;
  longerThan?: string;
  extent?: string;
  tokenizer?: string;
  maxTokens?: string;
}
interface CheckFlags extends DataFlags, JudgingFlags {
  listed?: string;
  json?: boolean;
}

/** Adds the flags about what counts as a finding. */
export function addJudgingFlags(command: Command): Command {
  return command
    .option('--near-duplicates <share>', say(texts.threshold))
    .option('--longer-than <characters>', say(texts.longer))
    .option('--extent <extent>', say(texts.extent))
    .option('--tokenizer <model>', say(texts.tokenizer))
    .option('--max-tokens <tokens>', say(texts.maximumTokens));
}

/** What counts as a finding, as given by flags. */
export async function healthOptionsFromFlags(
  session: Session,
  flags: JudgingFlags,
  verb: string,
): Promise<Partial<HealthOptions>> {
  const fields = healthOptionsSchema.shape;
  const number = (flag: string, value: string | undefined, schema: z.ZodType<number>) =>
    parseFlag(flag, value === undefined ? undefined : Number(value), schema, verb);
  return {
    nearDuplicateThreshold: number('--near-duplicates', flags.nearDuplicates, fields.nearDuplicateThreshold),
    longTextCharacters: number('--longer-than', flags.longerThan, fields.longTextCharacters),
    extent: parseFlag('--extent', flags.extent, fields.extent, verb),
    maximumTokens: number('--max-tokens', flags.maxTokens, fields.maximumTokens),
    ...(flags.tokenizer === undefined ? {} : { modelId: (await resolveModel(session, flags.tokenizer)).id }),
  };
}

const shownGroups = 3;
const shownRows = 5;

function describeHealth({ rows, rowsBySplit, tokens, findings }: DatasetHealth): string[] {
  const lines = [say(texts.summary, { rows, ...rowsBySplit })];
  if (tokens !== null) {
    const unknown = Math.round(tokens.unknownShare * 1000) / 10;
    const perWord = tokens.perWord.toFixed(1);
    lines.push(say(texts.tokens, { ...tokens, lengths: '', unknown, perWord }));
  }
  if (findings.length === 0) return [...lines, say(texts.healthy, { rows })];
  for (const { check, severity, problem, fixes, groups, groupCount } of findings) {
    const { message, hint } = localizeProblem(problem, systemLanguage());
    lines.push('', `[${say(texts[severity])}] ${message}`, `  ${hint}`);
    for (const { rows: found, note } of groups.slice(0, shownGroups)) {
      const places = found
        .slice(0, shownRows)
        .map(({ row, file }) => `${file === undefined ? '' : `${file} `}${say(texts.row, { row })}`);
      const more = found.length > shownRows ? ', …' : '';
      // Text of the data must not steer the terminal.
      lines.push(`  - ${places.join(', ')}${more}: ${JSON.stringify(note)}`);
    }
    if (groupCount > shownGroups) lines.push('  …');
    for (const fix of fixes) lines.push(`  ${say(texts.fix, { check, fix, name: say(fixNames[fix]) })}`);
  }
  return lines;
}

/** Paths that exist are files to look into; anything else names a dataset of the library. */
async function sourceOf(
  session: Session,
  given: readonly string[],
  flags: CheckFlags,
): Promise<HealthSource> {
  const [first] = given;
  if (first !== undefined && given.length === 1 && !existsSync(first)) {
    return { datasetId: (await resolveDataset(session, first)).id };
  }
  const options = readOptionsFromFlags(flags, 'data check');
  const files = given.map((file) => ({ path: path.resolve(file) }));
  const preview = await session.client.datasets.preview({ path: files[0]?.path ?? '', options, rows: 1 });
  const mapping = mappingFromFlags(rolesFromFlags(flags), flags.splitColumn, preview.suggestedMapping);
  return { files, options, mapping };
}

/** `data check FILE... | DATASET` */
export function addDataCheck(data: Command): void {
  const verb = 'data check';
  const checking = data
    .command('check')
    .description(say(texts.check))
    .argument('<file-or-dataset...>')
    .option('--listed <groups>', say(texts.listed))
    .option('--json', say(texts.json))
    .action((given: string[], flags: CheckFlags) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const listed = flags.listed === undefined ? undefined : Number(flags.listed);
        const health = await session.client.datasets.check({
          source: await sourceOf(session, given, flags),
          options: {
            ...(await healthOptionsFromFlags(session, flags, verb)),
            listedGroups: parseFlag('--listed', listed, healthOptionsSchema.shape.listedGroups, verb),
          },
        });
        session.output.result(health, () => describeHealth(health));
      }),
    );
  addJudgingFlags(checking);
  addReadingFlags(checking);
}
