import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { type RowContent, type Task, taskSchema } from '../../../contract/methods.ts';
import type { Prediction } from '../../../contract/worker.ts';
import { say } from '../../language.ts';
import { readAdapterFlags } from '../adapterFlags.ts';
import { Output, formatPercent } from '../output.ts';
import { resolveModel } from '../resolve.ts';
import { type Session, withSession } from '../session.ts';

const texts = {
  predict: {
    en: 'What a finished run or a model makes of texts: labels, numbers, spans, answers, missing words',
    ko: '끝난 실행이나 모델로 글에서 라벨, 숫자, 구간, 답, 빠진 낱말 얻기',
  },
  task: { en: 'with --model: what it is to do', ko: '--model과 함께: 시킬 과제' },
  textPair: { en: 'a second text for each', ko: '글마다의 두 번째 글' },
  question: { en: 'a question; needs --context', ko: '질문(--context도 필요)' },
  context: { en: 'the passage with the answer', ko: '답이 있는 지문' },
  generate: { en: 'Generate text with a finished run or a model', ko: '끝난 실행이나 모델로 글 생성하기' },
  run: { en: 'a finished run', ko: '끝난 실행' },
  model: { en: 'a model by id or folder', ko: '모델의 id 또는 폴더' },
  text: { en: 'a text; may be given several times', ko: '글(여러 번 쓸 수 있음)' },
  file: {
    en: 'a file with one text per line; - for the standard input',
    ko: '한 줄에 글 하나씩 적은 파일(-는 표준 입력)',
  },
  top: { en: 'how many labels to print', ko: '출력할 라벨 수' },
  prompt: { en: 'what to go on from', ko: '이어 쓸 글' },
  maximumNewTokens: { en: 'longest answer in tokens', ko: '답의 최대 토큰 수' },
  temperature: { en: '0 always takes the likeliest token', ko: '0이면 가장 그럴듯한 토큰만 고름' },
  seed: { en: 'decides the dice', ko: '무작위를 정하는 수' },
  stop: { en: 'end at this text; may be given several times', ko: '이 글이 나오면 끝냄(여러 번 쓸 수 있음)' },
  adapter: {
    en: 'an adapter at work, as ID or ID=WEIGHT, instead of the run’s own; several stand on top of each other in this order',
    ko: '실행의 어댑터 대신 쓸 어댑터(ID 또는 ID=가중치), 여러 개면 차례로 쌓음',
  },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  which: { en: 'a run (--run) or a model (--model)', ko: '실행(--run) 또는 모델(--model)' },
  whatText: { en: 'a text (--text) or a file (--file)', ko: '글(--text) 또는 파일(--file)' },
} as const;

interface TargetFlags {
  adapter: string[];
  run?: string;
  model?: string;
  json?: boolean;
}
interface PredictFlags extends TargetFlags {
  text: string[];
  file?: string;
  textPair?: string;
  question: string[];
  context?: string;
  task?: string;
  top: string;
}
interface GenerateFlags extends TargetFlags {
  prompt: string;
  maximumNewTokens?: string;
  temperature?: string;
  topK?: string;
  topP?: string;
  repetitionPenalty?: string;
  seed?: string;
  stop: string[];
}

function readTask(value: string, verb: string): Task {
  const task = taskSchema.safeParse(value);
  if (task.success) return task.data;
  throw new TunebenchError('cli.badFlag', {
    flag: '--task',
    value,
    detail: taskSchema.options.join(', '),
    verb,
  });
}

async function resolveTarget(session: Session, flags: TargetFlags & { task?: string }, verb: string) {
  const chosen = readAdapterFlags('--adapter', flags.adapter, verb);
  const adapters = chosen.length > 0 ? { adapters: chosen } : {};
  if (flags.run !== undefined) return { runId: flags.run, ...adapters };
  if (flags.model !== undefined) {
    const { id: modelId } = await resolveModel(session, flags.model);
    const task = flags.task === undefined ? {} : { task: readTask(flags.task, verb) };
    return { modelId, ...task, ...adapters };
  }
  throw new TunebenchError('cli.missingFlag', { flag: '--run / --model', what: say(texts.which), verb });
}

function gather(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

function numberFlag(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number)) return number;
  throw new TunebenchError('cli.badFlag', { flag, value, detail: 'number', verb: 'generate' });
}

function withoutUndefined<Value>(record: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}

const rowsPerCall = 256;

/** The rows that flags describe: texts one by one, questions on a passage, lines of a file. */
function rowsFromFlags(flags: PredictFlags): RowContent[] {
  const fromFile =
    flags.file === undefined
      ? []
      : readFileSync(flags.file === '-' ? 0 : flags.file, 'utf8')
          .split(/\r?\n/)
          .filter((line) => line !== '');
  const { textPair, context } = flags;
  return [
    ...[...flags.text, ...fromFile].map((text) => ({
      text,
      ...(textPair === undefined ? {} : { textPair }),
    })),
    ...flags.question.map((question) => ({ question, context: context ?? '' })),
  ];
}

/** A prediction in the words of one line. */
function describePrediction(prediction: Prediction, top: number): string {
  switch (prediction.form) {
    case 'labels':
      return prediction.labels
        .slice(0, top)
        .map(({ label, probability }) => `${label} ${formatPercent(probability)}`)
        .join('\t');
    case 'number':
    case 'similarity':
      return prediction.value.toFixed(4);
    case 'spans':
      return prediction.spans
        .map(
          ({ start, end, text, label, probability }) =>
            `${label} ${start}–${end} “${text}” ${formatPercent(probability)}`,
        )
        .join('\t');
    case 'answer':
      return prediction.answers
        .slice(0, top)
        .map(({ text, probability }) => `“${text}” ${formatPercent(probability)}`)
        .join('\t');
    case 'fills':
      return prediction.fills
        .map(({ tokens }) =>
          tokens
            .slice(0, top)
            .map(({ label, probability }) => `${label} ${formatPercent(probability)}`)
            .join(', '),
        )
        .join('\t');
    default:
      return prediction satisfies never;
  }
}

async function predict(session: Session, flags: PredictFlags): Promise<void> {
  const all = rowsFromFlags(flags);
  if (all.length === 0) {
    throw new TunebenchError('cli.missingFlag', {
      flag: '--text / --file / --question',
      what: say(texts.whatText),
      verb: 'predict',
    });
  }
  const target = await resolveTarget(session, flags, 'predict');
  const top = Number.isInteger(Number(flags.top)) && Number(flags.top) > 0 ? Number(flags.top) : 3;
  for (let start = 0; start < all.length; start += rowsPerCall) {
    const rows = all.slice(start, start + rowsPerCall);
    const predictions = await session.client.playground.predict({ target, rows });
    predictions.forEach((prediction, index) => {
      const row = rows[index] ?? {};
      const shown =
        prediction.form === 'labels'
          ? { ...prediction, labels: prediction.labels.slice(0, top) }
          : prediction;
      session.output.result({ ...row, ...shown }, () => [
        `${row.text ?? row.question ?? ''}\t${describePrediction(prediction, top)}`,
      ]);
    });
  }
}

async function generate(session: Session, flags: GenerateFlags): Promise<void> {
  const target = await resolveTarget(session, flags, 'generate');
  const options = {
    ...withoutUndefined({
      maximumNewTokens: numberFlag('--maximum-new-tokens', flags.maximumNewTokens),
      temperature: numberFlag('--temperature', flags.temperature),
      topK: numberFlag('--top-k', flags.topK),
      topP: numberFlag('--top-p', flags.topP),
      repetitionPenalty: numberFlag('--repetition-penalty', flags.repetitionPenalty),
      seed: numberFlag('--seed', flags.seed),
    }),
    stop: flags.stop,
  };
  const abort = new AbortController();
  const cancel = () => abort.abort();
  process.once('SIGINT', cancel);
  let whole = '';
  try {
    const call = { target, prompt: flags.prompt, options };
    for await (const { text } of await session.client.playground.generate(call, { signal: abort.signal })) {
      whole += text;
      session.output.event({ event: 'text', text });
      if (!session.output.json) process.stdout.write(text);
    }
  } finally {
    process.off('SIGINT', cancel);
  }
  session.output.line('');
  session.output.event({ event: 'finished', text: whole });
}

/** `predict` and `generate` */
export function addTryVerbs(program: Command): void {
  program
    .command('predict')
    .description(say(texts.predict))
    .option('--run <run>', say(texts.run))
    .option('--model <model>', say(texts.model))
    .option('--adapter <adapter>', say(texts.adapter), gather, [])
    .option('--text <text>', say(texts.text), gather, [])
    .option('--text-pair <text>', say(texts.textPair))
    .option('--question <text>', say(texts.question), gather, [])
    .option('--context <text>', say(texts.context))
    .option('--task <task>', say(texts.task))
    .option('--file <file>', say(texts.file))
    .option('--top <n>', say(texts.top), '3')
    .option('--json', say(texts.json))
    .action((flags: PredictFlags) =>
      withSession(new Output(flags.json ?? false), (session) => predict(session, flags)),
    );

  program
    .command('generate')
    .description(say(texts.generate))
    .option('--run <run>', say(texts.run))
    .option('--model <model>', say(texts.model))
    .option('--adapter <adapter>', say(texts.adapter), gather, [])
    .requiredOption('--prompt <text>', say(texts.prompt))
    .option('--maximum-new-tokens <n>', say(texts.maximumNewTokens))
    .option('--temperature <number>', say(texts.temperature))
    .option('--top-k <n>')
    .option('--top-p <share>')
    .option('--repetition-penalty <number>')
    .option('--seed <n>', say(texts.seed))
    .option('--stop <text>', say(texts.stop), gather, [])
    .option('--json', say(texts.json))
    .action((flags: GenerateFlags) =>
      withSession(new Output(flags.json ?? false), (session) => generate(session, flags)),
    );
}
