import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { DatasetSummary } from '../../../contract/datasets.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import {
  type AcceptedTexts,
  expansionEventSchema,
  expansionRequestSchema,
  expansionTemplates,
} from '../../../contract/synthetic.ts';
import { generationOptionsSchema } from '../../../contract/worker.ts';
import { say, systemLanguage } from '../../language.ts';
import { type FilterFlags, filterFrom, withFilterFlags } from '../filterFlags.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, table } from '../output.ts';
import { resolveDataset, resolveModel } from '../resolve.ts';
import { type Session, withSession } from '../session.ts';
import { describeVersion } from './dataVersions.ts';

const texts = {
  expand: {
    en: 'Let a local model write texts after rows, to be judged; what is accepted becomes rows marked as synthetic',
    ko: '로컬 모델이 행을 보고 글을 쓰게 하고, 받아들인 글만 합성 표시를 달아 행으로 더하기',
  },
  run: { en: 'a finished run whose model writes', ko: '글을 쓸 끝난 실행' },
  model: { en: 'a model that writes, by id, name or folder', ko: '글을 쓸 모델(ID, 이름, 폴더)' },
  kind: {
    en: 'the instruction to use: paraphrase the row, or write more of its label',
    ko: '쓸 지시문: 바꿔 쓰기(paraphrase), 같은 라벨로 더 쓰기(more)',
  },
  template: {
    en: 'an instruction of your own, with {text}, {label} and {examples}',
    ko: '직접 쓴 지시문({text}, {label}, {examples})',
  },
  column: { en: 'the column to write', ko: '새로 쓸 열' },
  rows: { en: 'only after these rows, counted from 1', ko: '이 행만(1부터 셈)' },
  label: { en: 'only after rows with these labels', ko: '이 라벨의 행만' },
  split: {
    en: 'only after rows of these splits; left out, training rows',
    ko: '이 분할의 행만(생략하면 학습)',
  },
  mostRows: {
    en: 'rows to write after, drawn by the seed; training rows unless --split says otherwise',
    ko: '보고 쓸 행 수(시드로 뽑음, --split이 없으면 학습 행)',
  },
  perRow: { en: 'texts per row', ko: '행마다 쓸 글 수' },
  examples: { en: 'examples per instruction', ko: '지시문에 넣을 보기 수' },
  length: { en: 'most tokens of a text', ko: '글 하나의 최대 토큰 수' },
  temperature: { en: '0 takes the likeliest token always', ko: '0이면 가장 그럴듯한 토큰만 고름' },
  topP: { en: 'only the likeliest tokens of this share together', ko: '합이 이 비율인 토큰 중에서만 고름' },
  seed: { en: 'decides rows, examples and dice', ko: '행, 보기, 무작위를 정하는 수' },
  stop: { en: 'a text ends here; a line break unless given', ko: '글이 끝나는 곳(생략하면 줄바꿈)' },
  accept: {
    en: 'add the texts of this file: what --json printed, without the lines you reject; changed texts count as edited',
    ko: '이 파일의 글을 더함(--json 출력에서 버릴 줄을 지운 것, 고친 글은 고침으로 표시)',
  },
  acceptAll: { en: 'add every text without looking', ko: '살펴보지 않고 모두 더함' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  which: { en: 'a run (--run) or a model (--model)', ko: '실행(--run) 또는 모델(--model)' },
  counts: {
    en: '{written} texts; dropped: {empty} empty, {duplicate} there already',
    ko: '글 {written}개. 버림: 빈 글 {empty}개, 이미 있는 글 {duplicate}개',
  },
  next: {
    en: 'Nothing was added. Write them to a file with --json, remove what you reject, then: data expand {dataset} --accept FILE',
    ko: '아직 더하지 않았습니다. --json으로 파일에 담아 버릴 줄을 지운 뒤: data expand {dataset} --accept 파일',
  },
} as const;

interface ExpandFlags extends FilterFlags {
  run?: string;
  model?: string;
  kind: 'paraphrase' | 'more';
  template?: string;
  column?: string;
  rows?: string[];
  mostRows: string;
  perRow: string;
  examples: string;
  maximumNewTokens: string;
  temperature: string;
  topP: string;
  seed: string;
  stop?: string[];
  accept?: string;
  acceptAll?: boolean;
  json?: boolean;
}

const verb = 'data expand';

/** A line of what `--json` prints; `as` is the text as the model wrote it, so that a change is seen. */
const writtenSchema = expansionEventSchema.options[1].extend({ as: z.string() });
const lineSchema = z.union([
  expansionEventSchema.options[0],
  writtenSchema,
  z.object({ kind: z.enum(['dropped', 'finished']) }),
]);

/** The texts of a file that `--json` printed and a person went through. */
function readAccepted(path: string, dataset: DatasetSummary): AcceptedTexts {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  let head: { model: string; column: string; template: string } | undefined;
  const accepted: AcceptedTexts['texts'] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const wrong = (detail: string) =>
      new TunebenchError('cli.badFlag', { flag: '--accept', value: `${path}:${index + 1}`, detail, verb });
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw wrong(String(error));
    }
    const read = lineSchema.safeParse(value);
    if (!read.success) throw wrong(read.error.issues[0]?.message ?? '–');
    const { data } = read;
    if (data.kind === 'started') head = data;
    if (data.kind !== 'written') return;
    const { text, row, examples, seed } = data.candidate;
    accepted.push({ text, row, examples, seed, edited: text !== data.as });
  });
  if (head === undefined || accepted.length === 0)
    throw new TunebenchError('cli.badFlag', {
      flag: '--accept',
      value: path,
      detail: 'started, written',
      verb,
    });
  const { model, column, template } = head;
  return { id: dataset.id, model, column, template, texts: accepted };
}

async function targetOf(session: Session, { run, model }: ExpandFlags) {
  if (run !== undefined) return { runId: run };
  if (model !== undefined) return { modelId: (await resolveModel(session, model)).id };
  throw new TunebenchError('cli.missingFlag', { flag: '--run / --model', what: say(texts.which), verb });
}

function readFlags(flags: ExpandFlags) {
  const { shape } = expansionRequestSchema;
  const { shape: generation } = generationOptionsSchema;
  const number = (value: string) => (value.trim() === '' ? NaN : Number(value));
  return {
    template: flags.template ?? expansionTemplates[flags.kind][systemLanguage()],
    column: flags.column,
    rows: parseFlag('--rows', flags.rows?.map(number), shape.rows, verb),
    filter: filterFrom(flags, verb),
    mostRows: parseFlag('--most-rows', number(flags.mostRows), shape.mostRows, verb),
    perRow: parseFlag('--per-row', number(flags.perRow), shape.perRow, verb),
    examples: parseFlag('--examples', number(flags.examples), shape.examples, verb),
    generation: {
      maximumNewTokens: parseFlag(
        '--maximum-new-tokens',
        number(flags.maximumNewTokens),
        generation.maximumNewTokens,
        verb,
      ),
      temperature: parseFlag('--temperature', number(flags.temperature), generation.temperature, verb),
      topP: parseFlag('--top-p', number(flags.topP), generation.topP, verb),
      seed: parseFlag('--seed', number(flags.seed), generation.seed, verb),
      stop: flags.stop ?? ['\n'],
    },
  };
}

async function write(session: Session, dataset: DatasetSummary, flags: ExpandFlags): Promise<void> {
  const { client, output } = session;
  const request = { id: dataset.id, target: await targetOf(session, flags), ...readFlags(flags) };
  const counts = { written: 0, empty: 0, duplicate: 0 };
  let head: { model: string; column: string; template: string } | undefined;
  const accepted: AcceptedTexts['texts'] = [];
  for await (const event of await client.datasets.expand(request)) {
    switch (event.kind) {
      case 'started':
        head = event;
        output.event(event);
        break;
      case 'dropped':
        counts[event.why]++;
        output.event(event);
        break;
      case 'written': {
        counts.written++;
        const { text, row, examples, seed } = event.candidate;
        accepted.push({ text, row, examples, seed, edited: false });
        output.event({ ...event, as: text });
        output.line(`${row}\t${text}`);
        break;
      }
      default:
        event satisfies never;
    }
  }
  output.event({ kind: 'finished', ...counts });
  output.line(say(texts.counts, counts));
  if (flags.acceptAll !== true || head === undefined || accepted.length === 0) {
    output.line(say(texts.next, { dataset: dataset.name }));
    return;
  }
  const { model, column, template } = head;
  const made = await client.datasets.addSynthetic({
    id: dataset.id,
    model,
    column,
    template,
    texts: accepted,
  });
  output.result(made, () => table([describeVersion(made)]));
}

/** `data expand DATASET` */
export function addDataExpand(data: Command): void {
  const command = data
    .command('expand')
    .description(say(texts.expand))
    .argument('<dataset>')
    .option('--run <run>', say(texts.run))
    .option('--model <model>', say(texts.model))
    .addOption(
      new Option('--kind <kind>', say(texts.kind)).choices(['paraphrase', 'more']).default('paraphrase'),
    )
    .option('--template <text>', say(texts.template))
    .option('--column <column>', say(texts.column))
    .option('--rows <row...>', say(texts.rows))
    .option('--most-rows <number>', say(texts.mostRows), '20')
    .option('--per-row <number>', say(texts.perRow), '2')
    .option('--examples <number>', say(texts.examples), '3')
    .option('--maximum-new-tokens <number>', say(texts.length), '64')
    .option('--temperature <number>', say(texts.temperature), '0.8')
    .option('--top-p <share>', say(texts.topP), '0.95')
    .option('--seed <number>', say(texts.seed), '0')
    .option('--stop <text...>', say(texts.stop))
    .option('--accept <file>', say(texts.accept))
    .option('--accept-all', say(texts.acceptAll))
    .option('--json', say(texts.json));
  withFilterFlags(command).action((given: string, flags: ExpandFlags) =>
    withSession(new Output(flags.json ?? false), async (session) => {
      const dataset = await resolveDataset(session, given);
      if (flags.accept === undefined) return write(session, dataset, flags);
      const made = await session.client.datasets.addSynthetic(readAccepted(flags.accept, dataset));
      session.output.result(made, () => table([describeVersion(made)]));
    }),
  );
}
