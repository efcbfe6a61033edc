import path from 'node:path';
import type { Command } from 'commander';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { say } from '../../language.ts';
import { Output, formatBytes } from '../output.ts';
import { withSession } from '../session.ts';

const texts = {
  export: {
    en: "Write a run's result as a PEFT adapter folder or as a whole model folder, and check it by loading it",
    ko: '실행 결과를 PEFT 어댑터 폴더나 전체 모델 폴더로 쓰고, 다시 읽어 확인하기',
  },
  form: { en: 'adapter or merged', ko: 'adapter 또는 merged' },
  to: { en: 'a new or empty folder', ko: '새 폴더나 빈 폴더' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  written: { en: '{files} files, {size}, in {folder}', ko: '{folder}에 파일 {files}개, {size}' },
} as const;

/** `export RUN --form adapter|merged --to FOLDER` */
export function addExportVerb(program: Command): void {
  program
    .command('export')
    .description(say(texts.export))
    .argument('<run>')
    .requiredOption('--form <form>', say(texts.form), 'adapter')
    .requiredOption('--to <folder>', say(texts.to))
    .option('--json', say(texts.json))
    .action((runId: string, flags: { form: string; to: string; json?: boolean }) =>
      withSession(new Output(flags.json ?? false), async ({ client, output }) => {
        const { form } = flags;
        if (form !== 'adapter' && form !== 'merged') {
          const detail = 'adapter, merged';
          throw new TunebenchError('cli.badFlag', { flag: '--form', value: form, detail, verb: 'export' });
        }
        const result = await client.exports.create({ runId, form, folder: path.resolve(flags.to) });
        output.result(result, () => [
          say(texts.written, {
            files: result.files.length,
            size: formatBytes(result.sizeBytes),
            folder: result.folder,
          }),
        ]);
      }),
    );
}
