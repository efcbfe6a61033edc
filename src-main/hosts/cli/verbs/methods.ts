import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { MethodTable, MethodTableRequest } from '../../../contract/bakeOff.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { type MethodSpec, taskSchema } from '../../../contract/methods.ts';
import { listMethods } from '../../../engine/methods/registry.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { methodTableLines, optionLines, shareOf } from '../methodLines.ts';
import { Output, table } from '../output.ts';
import { type Session, withSession } from '../session.ts';

interface ListFlags {
  model?: string;
  task: string;
  labels: string;
  json?: boolean;
}

const texts = {
  methods: {
    en: 'Fine-tuning methods: what there is, and what they would train',
    ko: '미세조정 방법: 목록과 학습량',
  },
  list: {
    en: 'List every method; with --model, compare what each would train of that model, without loading weights',
    ko: '모든 방법 보기. --model을 주면 가중치를 읽지 않고 그 모델에서 무엇을 얼마나 학습하는지 비교',
  },
  show: { en: 'One method and its settings', ko: '방법 하나와 그 설정' },
  model: {
    en: 'an id or name from `models list`, a folder with a config.json, or a published model',
    ko: '`models list`의 id나 이름, config.json이 있는 폴더, 또는 공개 모델 이름',
  },
  task: { en: 'what would be taught', ko: '가르칠 과제' },
  labels: { en: 'number of classes', ko: '라벨 수' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  families: { en: '{count} model families', ko: '모델 계열 {count}개' },
} as const;

/** Which model is meant: one of the library, a folder, or a published one. */
async function findModel({ client }: Session, given: string): Promise<MethodTableRequest['model']> {
  const models = await client.models.list();
  const known = models.find(({ id, name }) => id === given || name === given);
  if (known !== undefined) return { modelId: known.id };
  const folder = path.resolve(given);
  return existsSync(path.join(folder, 'config.json')) ? { folder } : { published: given };
}

function describe(spec: MethodSpec, found?: MethodTable): Record<string, unknown> {
  const row = found?.rows.find(({ methodId }) => methodId === spec.id);
  if (found === undefined || row === undefined) return { ...spec };
  const { methodId: _methodId, ...rest } = row;
  return { ...spec, ...rest, share: shareOf(found, row.ownParameters, row.addedParameters) };
}

async function list(flags: ListFlags): Promise<void> {
  const verb = 'methods list';
  const output = new Output(flags.json ?? false);
  const methods = listMethods().map(({ spec }) => spec);
  const { model: given } = flags;
  if (given === undefined) {
    output.result(
      methods.map((spec) => describe(spec)),
      () =>
        table(
          methods.map(({ id, name, modelTypes, tasks }) => [
            id,
            say(name),
            say(texts.families, { count: modelTypes.length }),
            tasks.join(', '),
          ]),
        ),
    );
    return;
  }
  const task = parseFlag('--task', flags.task, taskSchema, verb);
  const labels = parseFlag('--labels', flags.labels, z.coerce.number().int().min(1).max(100_000), verb);
  await withSession(output, async (session) => {
    const model = await findModel(session, given);
    const found = await session.client.methods.table({ model, task, labels });
    output.result(
      methods.map((spec) => describe(spec, found)),
      () => methodTableLines(methods, found),
    );
  });
}

function show(id: string, json: boolean): void {
  const spec = listMethods().find((method) => method.spec.id === id)?.spec;
  if (spec === undefined) {
    const known = listMethods().map((method) => method.spec.id);
    throw new TunebenchError('run.unknownMethod', { id, known: known.join(', ') });
  }
  new Output(json).result(spec, () => [
    `${say(spec.name)} (${spec.id})`,
    say(spec.summary),
    say(spec.advice),
    ...(spec.paper === undefined ? [] : [spec.paper]),
    spec.tasks.join(', '),
    spec.modelTypes.join(', '),
    '',
    ...optionLines(spec),
  ]);
}

/** `methods list | show` */
export function addMethodsVerb(program: Command): void {
  const methods = program.command('methods').description(say(texts.methods));
  methods
    .command('list')
    .description(say(texts.list))
    .option('--model <model>', say(texts.model))
    .option('--task <task>', say(texts.task), 'classification')
    .option('--labels <n>', say(texts.labels), '2')
    .option('--json', say(texts.json))
    .action((flags: ListFlags) => list(flags));
  methods
    .command('show')
    .description(say(texts.show))
    .argument('<method>')
    .option('--json', say(texts.json))
    .action((id: string, flags: { json?: boolean }) => show(id, flags.json ?? false));
}
