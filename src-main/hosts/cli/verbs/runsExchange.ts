import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { type RunDocument, curveFormatSchema } from '../../../contract/runCard.ts';
import { say, systemLanguage } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, formatBytes } from '../output.ts';
import { withSession } from '../session.ts';

const texts = {
  card: {
    en: 'Write everything needed to repeat a run as one JSON file',
    ko: '실행을 재현하는 데 필요한 모든 것을 JSON 파일 하나로 저장',
  },
  report: {
    en: 'Write a readable report of a run with its charts, as HTML or Markdown',
    ko: '차트가 든 읽기 좋은 실행 보고서를 HTML이나 Markdown으로 저장',
  },
  export: {
    en: 'Write every point of some runs for other programs',
    ko: '여러 실행의 모든 점을 다른 프로그램에서 읽도록 저장',
  },
  import: {
    en: 'Take curves of TensorBoard (event files), Weights & Biases or trackio (CSV, JSONL, Parquet) into the log',
    ko: 'TensorBoard(이벤트 파일)나 Weights & Biases, trackio(CSV, JSONL, Parquet)의 곡선을 기록으로 가져오기',
  },
  out: { en: 'file to write; nothing is overwritten', ko: '저장할 파일. 덮어쓰지 않습니다' },
  outFolder: {
    en: 'file to write, or folder for tensorboard and mlflow; nothing is overwritten',
    ko: '저장할 파일 또는 tensorboard, mlflow 폴더. 덮어쓰지 않습니다',
  },
  format: {
    en: 'tensorboard, mlflow, parquet, csv or jsonl',
    ko: 'tensorboard, mlflow, parquet, csv, jsonl 중 하나',
  },
  name: { en: 'name in the log', ko: '기록에 남길 이름' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  written: { en: 'Written to {path} ({size})', ko: '{path}에 저장했습니다({size})' },
  imported: { en: 'Imported as {id}: {name}', ko: '{id}(으)로 가져왔습니다: {name}' },
} as const;

/** Writes a text that must not replace anything. */
function writeNew(target: string, text: string): number {
  const bytes = new TextEncoder().encode(text);
  try {
    writeFileSync(target, bytes, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new TunebenchError('run.exportExists', { path: target });
    }
    throw error;
  }
  return bytes.byteLength;
}

async function writeDocument(id: string, document: RunDocument, out: string, json: boolean): Promise<void> {
  await withSession(new Output(json), async ({ client, output }) => {
    const target = path.resolve(out);
    const { text } = await client.runs.document({ id, document, language: systemLanguage() });
    const sizeBytes = writeNew(target, text);
    output.result({ path: target, sizeBytes }, () => [
      say(texts.written, { path: target, size: formatBytes(sizeBytes) }),
    ]);
  });
}

/** `runs card | report | export | import` */
export function addRunExchange(runs: Command): void {
  runs
    .command('card')
    .description(say(texts.card))
    .argument('<run>')
    .requiredOption('--out <file>', say(texts.out))
    .option('--json', say(texts.json))
    .action((id: string, flags: { out: string; json?: boolean }) =>
      writeDocument(id, 'card', flags.out, flags.json ?? false),
    );

  runs
    .command('report')
    .description(say(texts.report))
    .argument('<run>')
    .requiredOption('--out <file>', say(texts.out))
    .option('--json', say(texts.json))
    .action((id: string, flags: { out: string; json?: boolean }) => {
      const document = /\.(md|markdown)$/i.test(flags.out) ? 'markdown' : 'html';
      return writeDocument(id, document, flags.out, flags.json ?? false);
    });

  runs
    .command('export')
    .description(say(texts.export))
    .argument('<runs...>')
    .requiredOption('--format <format>', say(texts.format))
    .requiredOption('--out <path>', say(texts.outFolder))
    .option('--json', say(texts.json))
    .action((ids: string[], flags: { format: string; out: string; json?: boolean }) =>
      withSession(new Output(flags.json ?? false), async ({ client, output }) => {
        const format = parseFlag('--format', flags.format, curveFormatSchema, 'runs export');
        const written = await client.runs.exportCurves({ ids, format, path: path.resolve(flags.out) });
        output.result(written, () => [
          say(texts.written, { path: written.path, size: formatBytes(written.sizeBytes) }),
        ]);
      }),
    );

  runs
    .command('import')
    .description(say(texts.import))
    .argument('<path>')
    .option('--name <name>', say(texts.name))
    .option('--json', say(texts.json))
    .action((from: string, flags: { name?: string; json?: boolean }) =>
      withSession(new Output(flags.json ?? false), async ({ client, output }) => {
        const { name } = flags;
        const found = await client.runs.import({ path: path.resolve(from), ...(name ? { name } : {}) });
        output.result(found, () => found.map(({ id, name }) => say(texts.imported, { id, name })));
      }),
    );
}
