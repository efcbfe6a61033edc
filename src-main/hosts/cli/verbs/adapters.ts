import path from 'node:path';
import type { Command } from 'commander';
import type { AdapterSummary } from '../../../contract/adapters.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { taskSchema } from '../../../contract/methods.ts';
import { say } from '../../language.ts';
import { readAdapterFlags } from '../adapterFlags.ts';
import { Output, formatBytes, table } from '../output.ts';
import { resolveModel } from '../resolve.ts';
import { type Session, withSession } from '../session.ts';

const texts = {
  adapters: {
    en: 'Adapters: list, import, combine, delete',
    ko: '어댑터: 목록, 가져오기, 합치기, 지우기',
  },
  list: {
    en: 'List the adapters of all runs, combined and imported ones',
    ko: '실행의 결과와 합치거나 가져온 어댑터 목록',
  },
  onModel: { en: 'only those on this base model', ko: '이 기본 모델의 것만' },
  import: {
    en: 'Copy an adapter folder of PEFT or the adapters library into the workbench',
    ko: 'PEFT나 adapters 라이브러리의 어댑터 폴더를 작업대로 복사하기',
  },
  model: { en: 'the base model it belongs to', ko: '어댑터의 기본 모델' },
  task: { en: 'what it was trained for', ko: '어댑터가 학습한 과제' },
  name: { en: 'what to call it', ko: '이름' },
  combine: {
    en: 'Make one LoRA adapter of several: ID or ID=WEIGHT each',
    ko: 'LoRA 어댑터 여러 개를 하나로 합치기: ID 또는 ID=가중치',
  },
  average: {
    en: 'average the matrices instead of putting them side by side: keeps the rank, but is only roughly their sum',
    ko: '행렬을 이어 붙이지 않고 평균하기(랭크는 그대로지만 합과 대략만 같음)',
  },
  delete: { en: 'Delete a combined or imported adapter', ko: '합치거나 가져온 어댑터 지우기' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  none: { en: 'There are no adapters yet.', ko: '아직 어댑터가 없습니다.' },
  deleted: { en: 'Deleted: {id}', ko: '지웠습니다: {id}' },
} as const;

interface JsonFlag {
  json?: boolean;
}

function describeAdapter(adapter: AdapterSummary): string[] {
  const { id, name, modelName, task, type, origin, sizeBytes } = adapter;
  return [id, name, modelName, task, type, origin, formatBytes(sizeBytes)];
}

async function list({ client, output }: Session, flags: { model?: string }): Promise<void> {
  const all = await client.adapters.list();
  const found = all.filter(
    ({ modelId, modelName }) => flags.model === undefined || [modelId, modelName].includes(flags.model),
  );
  output.result(found, () => (found.length === 0 ? [say(texts.none)] : table(found.map(describeAdapter))));
}

async function importAdapter(
  session: Session,
  folder: string,
  flags: { model: string; task: string; name?: string },
): Promise<void> {
  const task = taskSchema.safeParse(flags.task);
  if (!task.success) {
    const detail = taskSchema.options.join(', ');
    throw new TunebenchError('cli.badFlag', {
      flag: '--task',
      value: flags.task,
      detail,
      verb: 'adapters import',
    });
  }
  const { id: modelId } = await resolveModel(session, flags.model);
  const adapter = await session.client.adapters.import({
    path: path.resolve(folder),
    modelId,
    task: task.data,
    name: flags.name,
  });
  session.output.result(adapter, () => table([describeAdapter(adapter)]));
}

/** `adapters list | import | combine | delete` */
export function addAdaptersVerb(program: Command): void {
  const adapters = program.command('adapters').description(say(texts.adapters));
  const run = (flags: JsonFlag, body: (session: Session) => Promise<void>) =>
    withSession(new Output(flags.json ?? false), body);

  adapters
    .command('list')
    .description(say(texts.list))
    .option('--model <model>', say(texts.onModel))
    .option('--json', say(texts.json))
    .action((flags: JsonFlag & { model?: string }) => run(flags, (session) => list(session, flags)));

  adapters
    .command('import')
    .description(say(texts.import))
    .argument('<folder>')
    .requiredOption('--model <model>', say(texts.model))
    .requiredOption('--task <task>', say(texts.task))
    .option('--name <name>', say(texts.name))
    .option('--json', say(texts.json))
    .action((folder: string, flags: JsonFlag & { model: string; task: string; name?: string }) =>
      run(flags, (session) => importAdapter(session, folder, flags)),
    );

  adapters
    .command('combine')
    .description(say(texts.combine))
    .argument('<adapters...>')
    .requiredOption('--name <name>', say(texts.name))
    .option('--average', say(texts.average))
    .option('--json', say(texts.json))
    .action((given: string[], flags: JsonFlag & { name: string; average?: boolean }) =>
      run(flags, async ({ client, output }) => {
        const adapter = await client.adapters.combine({
          adapters: readAdapterFlags('<adapters>', given, 'adapters combine'),
          how: flags.average ? 'average' : 'concatenate',
          name: flags.name,
        });
        output.result(adapter, () => table([describeAdapter(adapter)]));
      }),
    );

  adapters
    .command('delete')
    .description(say(texts.delete))
    .argument('<id>')
    .option('--json', say(texts.json))
    .action((id: string, flags: JsonFlag) =>
      run(flags, async ({ client, output }) => {
        const removed = await client.adapters.remove({ id });
        output.result(removed, () => [say(texts.deleted, { id })]);
      }),
    );
}
