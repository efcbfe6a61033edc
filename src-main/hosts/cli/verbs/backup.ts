import path from 'node:path';
import type { Command } from 'commander';
import { dataFolderPath } from '../../../platform/index.ts';
import { restoreBackup } from '../../../services/backup.ts';
import { say } from '../../language.ts';
import { Output, formatBytes } from '../output.ts';
import { withSession } from '../session.ts';

const texts = {
  backup: {
    en: 'The whole workbench as one file, and back',
    ko: '작업대 전체를 파일 하나로 백업하고 되돌리기',
  },
  create: {
    en: 'Write models, data, labels, runs and results into one file',
    ko: '모델, 데이터, 라벨, 실행과 결과를 파일 하나로 저장',
  },
  restore: {
    en: 'Make a data folder of a backup, every file compared with its hash',
    ko: '백업으로 데이터 폴더를 만들기(모든 파일을 해시로 확인)',
  },
  out: { en: 'file to write; nothing is overwritten', ko: '저장할 파일. 덮어쓰지 않습니다' },
  home: {
    en: 'new or empty folder; the usual data folder when left out',
    ko: '새 폴더나 빈 폴더. 생략하면 평소의 데이터 폴더',
  },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  created: { en: '{files} files in {path} ({size})', ko: '파일 {files}개를 {path}에 저장했습니다({size})' },
  restored: {
    en: '{files} files of {date} restored to {folder}. Start with TUNEBENCH_HOME={folder} to use it.',
    ko: '{date}에 백업한 파일 {files}개를 {folder}에 되돌렸습니다. TUNEBENCH_HOME={folder}로 시작하면 씁니다.',
  },
} as const;

/** `backup create | restore` */
export function addBackupVerb(program: Command): void {
  const backup = program.command('backup').description(say(texts.backup));

  backup
    .command('create')
    .description(say(texts.create))
    .requiredOption('--out <file>', say(texts.out))
    .option('--json', say(texts.json))
    .action((flags: { out: string; json?: boolean }) =>
      withSession(new Output(flags.json ?? false), async ({ client, output }) => {
        const written = await client.system.backup({ path: path.resolve(flags.out) });
        output.result(written, () => [
          say(texts.created, {
            files: written.files,
            path: written.path,
            size: formatBytes(written.sizeBytes),
          }),
        ]);
      }),
    );

  backup
    .command('restore')
    .description(say(texts.restore))
    .argument('<file>')
    .option('--home <folder>', say(texts.home))
    .option('--json', say(texts.json))
    .action((file: string, flags: { home?: string; json?: boolean }) => {
      const folder = flags.home === undefined ? dataFolderPath() : path.resolve(flags.home);
      const restored = { ...restoreBackup(path.resolve(file), folder), folder };
      new Output(flags.json ?? false).result(restored, () => [
        say(texts.restored, { files: restored.files, folder, date: restored.createdAt.slice(0, 10) }),
      ]);
    });
}
