import type { Command } from 'commander';
import { z } from 'zod';
import { type BakeOffBudget, type BakeOffRequest, bakeOffBudgetSchema } from '../../../contract/bakeOff.ts';
import { TunebenchError } from '../../../contract/errors/index.ts';
import type { Task } from '../../../contract/methods.ts';
import { listMethods } from '../../../engine/methods/registry.ts';
import { listObjectives } from '../../../engine/objectives/registry.ts';
import { trainingOptions } from '../../../engine/train/options.ts';
import { say } from '../../language.ts';
import { describeProblems } from '../../problems.ts';
import { bakeOffLines, entryLines } from '../bakeOffLines.ts';
import { addDataFlags } from '../dataFlags.ts';
import { parseFlag } from '../flagValues.ts';
import { followRun } from '../followRun.ts';
import { addMaterialFlags } from '../materialFlags.ts';
import { addOptionFlags, collectOptionValues } from '../optionFlags.ts';
import { Output } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { type MaterialFlags, materialFromFlags } from '../trainRequest.ts';

interface CompareFlags extends MaterialFlags {
  methods: string;
  learningRates?: string;
  seeds: string;
  budget: string;
  name?: string;
  forecast?: boolean;
  json?: boolean;
}

const verb = 'compare-methods';
const texts = {
  compare: {
    en: 'Train several methods on the same data, with the same split, budget and seeds, and say which is best',
    ko: '같은 데이터, 분할, 예산, 시드로 여러 방법을 학습해 어느 것이 나은지 비교',
  },
  methods: { en: 'methods to compare, or "all"', ko: '비교할 방법들, 또는 "all"' },
  learningRates: {
    en: 'learning rates where the usual ones do not suit, such as lora=1e-3,full=2e-5',
    ko: '기본 학습률 대신 쓸 값(예: lora=1e-3,full=2e-5)',
  },
  seeds: { en: 'a run of each method for each seed', ko: '방법마다 학습할 시드들' },
  budget: {
    en: 'how long every method trains: epochs=3, steps=200 or minutes=5',
    ko: '모든 방법의 학습량: epochs=3, steps=200, minutes=5',
  },
  name: { en: 'name of the group its runs belong to', ko: '실행을 묶을 이름' },
  forecast: {
    en: 'say what each method would cost, without starting',
    ko: '시작하지 않고 방법마다 비용만 보기',
  },
  json: {
    en: 'print one JSON line per event, the table last',
    ko: '이벤트마다 JSON 한 줄, 마지막에 표 출력',
  },
  training: { en: 'Training:', ko: '학습:' },
  refused: { en: '{method} is left out: {reasons}', ko: '{method}은(는) 뺐습니다: {reasons}' },
} as const;

/** Settings that the comparison decides itself. */
const decided = ['epochs', 'maximumSteps', 'maximumMinutes', 'learningRate', 'seed'];
const shared = Object.fromEntries(
  Object.entries(trainingOptions).filter(([name]) => !decided.includes(name)),
);

const listOf = (text: string) => text.split(',').map((item) => item.trim());

function parseBudget(text: string): BakeOffBudget {
  const [kind = '', amount = ''] = text.split('=');
  const parsed = bakeOffBudgetSchema.safeParse({ kind, [kind]: Number(amount) });
  if (parsed.success) return parsed.data;
  const detail = 'epochs=N, steps=N, minutes=N';
  throw new TunebenchError('cli.badFlag', { flag: '--budget', value: text, detail, verb });
}

function parseRates(text: string | undefined): Map<string, number> {
  const pairs = text === undefined ? [] : listOf(text).map((pair) => pair.split('='));
  return new Map(
    pairs.map(([id = '', rate]) => [
      id,
      parseFlag(`--learning-rates ${id}`, rate, z.coerce.number().positive(), verb),
    ]),
  );
}

async function requestFromFlags(
  session: Session,
  flags: CompareFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<BakeOffRequest> {
  const rates = parseRates(flags.learningRates);
  const seeds = parseFlag(
    '--seeds',
    listOf(flags.seeds),
    z.array(z.coerce.number().int().min(0)).min(1),
    verb,
  );
  const budget = parseBudget(flags.budget);
  const objectives = listObjectives().map(({ spec }) => spec);
  const { model, dataset, task, watched } = await materialFromFlags(session, flags, objectives, verb);
  const fitting = listMethods().filter(({ spec }) => spec.tasks.includes(task));
  const ids = flags.methods === 'all' ? fitting.map(({ spec }) => spec.id) : listOf(flags.methods);
  const objective = objectives.find(({ id }) => id === task)?.options ?? {};
  const tables = { training: shared, objective, method: {}, otherMethods: {} };
  const values = collectOptionValues(given, tables, verb);
  return {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    modelId: model.id,
    datasetId: dataset.id,
    task,
    objective: values.objective,
    ...watched,
    methods: ids.map((id) => {
      const learningRate = rates.get(id);
      return { id, options: {}, ...(learningRate === undefined ? {} : { learningRate }) };
    }),
    seeds,
    budget,
    training: values.training,
  };
}

/** Follows the runs in the order of the queue; one that fails is told of and does not end the others. */
async function follow(session: Session, runs: readonly { id: string; name: string; task: Task }[]) {
  let code = 0;
  for (const run of runs) {
    session.output.line(run.name);
    try {
      const ended = await followRun(session, run, 0, 'numbers');
      if (ended !== 0) return ended;
    } catch (error) {
      session.output.fail(error);
      code = 1;
    }
  }
  return code;
}

async function compare(
  session: Session,
  flags: CompareFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { client, output } = session;
  const request = await requestFromFlags(session, flags, given);
  if (flags.forecast) {
    const entries = await client.bakeOff.check(request);
    output.result(entries, () => entryLines(entries));
    return entries.some(({ forecast }) => forecast.problems.length === 0) ? 0 : 1;
  }
  const { group, runs, refused } = await client.bakeOff.start(request);
  output.event({ event: 'started', group, runs: runs.map(({ id }) => id), refused });
  for (const { methodId, problems } of refused) {
    output.line(say(texts.refused, { method: methodId, reasons: describeProblems(problems) }));
  }
  const code = await follow(session, runs);
  const result = await client.bakeOff.get({ group });
  output.result({ event: 'compared', ...result }, () => bakeOffLines(result));
  return code;
}

/** `compare-methods`, with a flag for every setting that the methods share. */
export function addCompareMethodsVerb(program: Command): void {
  const command = addMaterialFlags(program.command(verb).description(say(texts.compare)))
    .option('--methods <a,b,…>', say(texts.methods), 'all')
    .option('--learning-rates <method=n,…>', say(texts.learningRates))
    .option('--seeds <n,n,…>', say(texts.seeds), '0,1,2')
    .option('--budget <kind=n>', say(texts.budget), 'epochs=3')
    .option('--name <name>', say(texts.name))
    .option('--forecast', say(texts.forecast))
    .option('--json', say(texts.json));
  addDataFlags(command, { validation: '0', test: '0.2' });
  addOptionFlags(command, [
    { title: say(texts.training), specs: shared },
    ...listObjectives().map(({ spec }) => ({ title: `${say(spec.name)}:`, specs: spec.options })),
  ]);
  command.action(async (flags: CompareFlags) => {
    process.exitCode = await withSession(new Output(flags.json ?? false), (session) =>
      compare(session, flags, command.opts()),
    );
  });
}
