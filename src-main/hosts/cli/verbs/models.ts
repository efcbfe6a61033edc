import path from 'node:path';
import type { Command } from 'commander';
import { TunebenchError, errorFromProblems } from '../../../contract/errors/index.ts';
import type { Job } from '../../../contract/events.ts';
import { modelFamilies, modelNames } from '../../../contract/modelTypes.ts';
import type { ModelSummary } from '../../../contract/models.ts';
import { listMethods } from '../../../engine/methods/registry.ts';
import { say } from '../../language.ts';
import { Output, formatBytes, formatDuration, table } from '../output.ts';
import { ProgressBar } from '../progressBar.ts';
import { type Session, withSession } from '../session.ts';

interface JsonFlag {
  json?: boolean;
}

const texts = {
  models: { en: 'Base models: import, download, list', ko: '기본 모델: 가져오기, 내려받기, 목록' },
  list: { en: 'List the models in the library', ko: '보관함의 모델 목록' },
  import: {
    en: 'Check a model folder in Hugging Face layout and put it into the library',
    ko: 'Hugging Face 구조의 모델 폴더를 검사해 보관함에 넣기',
  },
  download: {
    en: 'Download a model from the Hub by its id, such as owner/name; an interrupted download is gone on with',
    ko: '소유자/이름 꼴의 이름으로 허브에서 모델 내려받기(끊긴 곳부터 이어 받음)',
  },
  name: { en: 'what to call it in the library', ko: '보관함에서 쓸 이름' },
  revision: { en: 'branch, tag or commit', ko: '브랜치, 태그 또는 커밋' },
  families: { en: 'The model families that can be trained', ko: '학습할 수 있는 모델 계열' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  plan: {
    en: '{hubId} at {revision}: {size} in {files} files, licence: {license}',
    ko: '{hubId}({revision}): 파일 {files}개, {size}, 라이선스: {license}',
  },
  unknownLicense: { en: 'not stated', ko: '명시되지 않음' },
  none: { en: 'There are no models yet.', ko: '아직 모델이 없습니다.' },
} as const;

function describeModel(model: ModelSummary): string[] {
  return [
    model.id,
    model.name,
    model.modelType,
    `${(model.parameters / 1e6).toFixed(1)} M`,
    formatBytes(model.sizeBytes),
    model.tasks.join(', '),
    model.license ?? '–',
  ];
}

/** Follows a job on the terminal until it is over. */
async function followJob({ client, output }: Session, started: Job): Promise<Job> {
  const bar = new ProgressBar(process.stderr, !output.json);
  const abort = new AbortController();
  const cancel = () => void client.jobs.cancel({ id: started.id });
  process.once('SIGINT', cancel);
  try {
    for await (const job of await client.jobs.watch({}, { signal: abort.signal })) {
      if (job.id !== started.id) continue;
      output.event({ event: 'progress', ...job });
      const share = job.total === null || job.total === 0 ? null : job.done / job.total;
      const rate = job.ratePerSecond === null ? '' : `${formatBytes(job.ratePerSecond)}/s`;
      const left =
        job.ratePerSecond && job.total !== null
          ? formatDuration(((job.total - job.done) / job.ratePerSecond) * 1000)
          : '';
      bar.draw(share, `${formatBytes(job.done)}  ${rate}  ${left}`);
      if (job.status !== 'running') return job;
    }
    return started;
  } finally {
    process.off('SIGINT', cancel);
    bar.clear();
    abort.abort();
  }
}

async function download(session: Session, hubId: string, revision: string): Promise<void> {
  const { client, output } = session;
  const plan = await client.models.planDownload({ hubId, revision });
  output.event({ event: 'plan', ...plan });
  output.line(
    say(texts.plan, {
      hubId,
      revision: plan.revision.slice(0, 12),
      size: formatBytes(plan.totalBytes),
      files: plan.files.length,
      license: plan.license ?? say(texts.unknownLicense),
    }),
  );
  const job = await followJob(session, await client.models.download({ hubId, revision: plan.revision }));
  if (job.status === 'cancelled') throw new TunebenchError('common.cancelled');
  if (job.status === 'failed') throw errorFromProblems(job.problems);
  const model = (await client.models.list()).find((each) => each.id === job.resultId);
  if (model !== undefined)
    output.result({ event: 'finished', ...model }, () => table([describeModel(model)]));
}

/** Every family of models by its `model_type`, and which methods and tasks it can take. */
function listFamilies() {
  return Object.entries(modelFamilies).flatMap(([kind, modelTypes]) =>
    modelTypes.map((modelType) => {
      const methods = listMethods().filter(({ spec }) => spec.modelTypes.includes(modelType));
      return { modelType, name: modelNames[modelType], kind, methods: methods.map(({ spec }) => spec.id) };
    }),
  );
}

/** `models list | families | import | download` */
export function addModelsVerb(program: Command): void {
  const models = program.command('models').description(say(texts.models));

  models
    .command('list')
    .description(say(texts.list))
    .option('--json', say(texts.json))
    .action(({ json }: JsonFlag) =>
      withSession(new Output(json ?? false), async ({ client, output }) => {
        const found = await client.models.list();
        output.result(found, () =>
          found.length === 0 ? [say(texts.none)] : table(found.map(describeModel)),
        );
      }),
    );

  models
    .command('families')
    .description(say(texts.families))
    .option('--json', say(texts.json))
    .action(({ json }: JsonFlag) => {
      const families = listFamilies();
      new Output(json ?? false).result(families, () =>
        table(
          families.map(({ modelType, name, kind, methods }) => [modelType, name, kind, methods.join(', ')]),
        ),
      );
    });

  models
    .command('import')
    .description(say(texts.import))
    .argument('<folder>')
    .option('--name <name>', say(texts.name))
    .option('--json', say(texts.json))
    .action((folder: string, flags: JsonFlag & { name?: string }) =>
      withSession(new Output(flags.json ?? false), async ({ client, output }) => {
        const model = await client.models.import({ path: path.resolve(folder), name: flags.name });
        output.result(model, () => table([describeModel(model)]));
      }),
    );

  models
    .command('download')
    .description(say(texts.download))
    .argument('<id>')
    .option('--revision <revision>', say(texts.revision), 'main')
    .option('--json', say(texts.json))
    .action((hubId: string, flags: JsonFlag & { revision: string }) =>
      withSession(new Output(flags.json ?? false), (session) => download(session, hubId, flags.revision)),
    );
}
