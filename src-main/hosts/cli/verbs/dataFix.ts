import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import type { DatasetSummary } from '../../../contract/datasets.ts';
import { fixesOf, healthCheckSchema, healthFixSchema } from '../../../contract/health.ts';
import { say } from '../../language.ts';
import { type DataFlags, addReadingFlags, readOptionsFromFlags, rolesFromFlags } from '../dataFlags.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, table } from '../output.ts';
import { importFiles, resolveDataset } from '../resolve.ts';
import { type Session, withSession } from '../session.ts';
import { addJudgingFlags, healthOptionsFromFlags, type JudgingFlags } from './dataCheck.ts';
import { describeVersion } from './dataVersions.ts';

const texts = {
  fix: {
    en: 'Mend what a check found, as a new version; a file is imported first and stays as it is',
    ko: '검사에서 찾은 것을 고쳐 새 버전으로 남기기(파일이면 먼저 가져오며 원본은 그대로 둠)',
  },
  finding: { en: 'the finding to mend: {findings}', ko: '고칠 발견: {findings}' },
  with: {
    en: 'how; left out, the usual way: {fixes}',
    ko: '고치는 방법(생략하면 보통 방법): {fixes}',
  },
  rows: { en: 'only the groups that hold these rows: 3,17,…', ko: '이 행이 든 묶음만: 3,17,…' },
  relabel: { en: 'Give rows another label, as a new version', ko: '행의 라벨을 바꿔 새 버전으로 남기기' },
  relabelled: { en: 'the rows by number: 3,17,…', ko: '행 번호: 3,17,…' },
  label: { en: 'the label they get', ko: '새 라벨' },
  undo: { en: 'Take the newest change of a dataset back', ko: '데이터셋의 마지막 변경 되돌리기' },
  redo: { en: 'Do again what was taken back', ko: '되돌린 변경 다시 하기' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
} as const;

interface FixFlags extends DataFlags, JudgingFlags {
  finding: string;
  with?: string;
  rows?: string;
  json?: boolean;
}

/** A dataset of the library, or a file brought into it as it is. */
async function datasetOf(session: Session, given: string, flags: FixFlags): Promise<DatasetSummary> {
  if (!existsSync(given)) return resolveDataset(session, given);
  return importFiles(session, {
    name: undefined,
    files: [{ path: given, split: undefined }],
    options: readOptionsFromFlags(flags, 'data fix'),
    roles: rolesFromFlags(flags),
    splitColumn: flags.splitColumn,
    validationShare: 0,
    testShare: 0,
    seed: 0,
    skipBadRows: flags.skipBadRows ?? false,
  });
}

/** `data fix FILE | DATASET`, `data relabel | undo | redo DATASET` */
export function addDataFix(data: Command): void {
  const verb = 'data fix';
  const findings = healthCheckSchema.options.filter((check) => fixesOf[check].length > 0);
  const fixing = data
    .command('fix')
    .description(say(texts.fix))
    .argument('<file-or-dataset>')
    .requiredOption('--finding <finding>', say(texts.finding, { findings: findings.join(', ') }))
    .option('--with <fix>', say(texts.with, { fixes: healthFixSchema.options.join(', ') }))
    .option('--rows <numbers>', say(texts.rows))
    .option('--json', say(texts.json))
    .action((given: string, flags: FixFlags) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const check = parseFlag('--finding', flags.finding, healthCheckSchema, verb);
        const fix = parseFlag('--with', flags.with, healthFixSchema.optional(), verb);
        const numbers = flags.rows?.split(',').map(Number);
        const rows = parseFlag('--rows', numbers, z.array(z.number().int().min(1)).optional(), verb);
        const options = await healthOptionsFromFlags(session, flags, verb);
        const { id } = await datasetOf(session, given, flags);
        const made = await session.client.datasets.fix({ id, check, fix, rows, options });
        session.output.result(made, () => table([describeVersion(made)]));
      }),
    );
  addJudgingFlags(fixing);
  addReadingFlags(fixing);

  data
    .command('relabel')
    .description(say(texts.relabel))
    .argument('<dataset>')
    .requiredOption('--rows <numbers>', say(texts.relabelled))
    .requiredOption('--label <label>', say(texts.label))
    .option('--json', say(texts.json))
    .action((given: string, flags: { rows: string; label: string; json?: boolean }) =>
      withSession(new Output(flags.json ?? false), async (session) => {
        const numbers = z.array(z.number().int().min(1)).min(1);
        const rows = parseFlag('--rows', flags.rows.split(',').map(Number), numbers, 'data relabel');
        const { id } = await resolveDataset(session, given);
        const made = await session.client.datasets.relabel({ id, rows, label: flags.label });
        session.output.result(made, () => table([describeVersion(made)]));
      }),
    );

  for (const direction of ['undo', 'redo'] as const) {
    data
      .command(direction)
      .description(say(texts[direction]))
      .argument('<dataset>')
      .option('--json', say(texts.json))
      .action((given: string, { json }: { json?: boolean }) =>
        withSession(new Output(json ?? false), async (session) => {
          const { id } = await resolveDataset(session, given);
          const made = await session.client.datasets[direction]({ id });
          session.output.result(made, () => table([describeVersion(made)]));
        }),
      );
  }
}
