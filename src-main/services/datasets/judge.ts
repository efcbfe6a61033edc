import type { DatasetSummary } from '../../contract/datasets.ts';
import { errorFromProblems } from '../../contract/errors/index.ts';
import type { DatasetHealth, HealthFix, HealthOptions, HealthSource } from '../../contract/health.ts';
import {
  type FixPlan,
  type HealthRow,
  type RowCheck,
  labelOfRow,
  originFacts,
  textOfRow,
} from '../../datasets/index.ts';
import { startThread } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl } from '../jobs.ts';
import type { HealthReply, HealthRequest } from './healthMessages.ts';

const rowsPerMessage = 1000;

/** Opens the thread that judges rows, and closes it at the end, on a failure and on a cancel alike. */
async function withJudge<Result>(
  job: JobControl,
  work: (ask: (request: HealthRequest) => Promise<HealthReply>) => Promise<Result>,
): Promise<Result> {
  let settle: ((reply: HealthReply) => void) | undefined;
  const thread = startThread<HealthRequest, HealthReply>(
    new URL('./healthThread.ts', import.meta.url),
    (reply) => {
      if (reply.kind === 'progress') job.progress(reply.done, reply.total);
      else settle?.(reply);
    },
  );
  let stopWaiting: () => void = () => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    stopWaiting = () => reject(job.signal.reason);
    job.signal.addEventListener('abort', stopWaiting);
  });
  cancelled.catch(() => undefined);
  const ask = async (request: HealthRequest): Promise<HealthReply> => {
    job.signal.throwIfAborted();
    const answered = new Promise<HealthReply>((resolve) => (settle = resolve));
    thread.post(request);
    const reply = await Promise.race([answered, thread.died, cancelled]);
    if (reply.kind === 'failed') throw errorFromProblems(reply.problems);
    return reply;
  };
  try {
    return await work(ask);
  } finally {
    job.signal.removeEventListener('abort', stopWaiting);
    await thread.stop();
  }
}

/** Sends the rows of a dataset to the thread in pieces. */
async function sendRows(
  context: Pick<ServiceContext, 'store'>,
  { id, mapping, rows: total }: DatasetSummary,
  job: JobControl,
  ask: (request: HealthRequest) => Promise<HealthReply>,
): Promise<void> {
  let rows: HealthRow[] = [];
  let sent = 0;
  const send = async () => {
    await ask({ kind: 'rows', rows });
    sent += rows.length;
    rows = [];
    job.progress(sent, total);
  };
  for (const { position, split, fields } of context.store.datasets.allRows(id)) {
    const text = textOfRow(fields, mapping);
    const label = labelOfRow(fields, mapping);
    rows.push({ row: position + 1, text, label, split, ...originFacts(fields) });
    if (rows.length === rowsPerMessage) await send();
  }
  await send();
}

function unexpected(reply: HealthReply): Error {
  return new Error(`The thread that judges rows answered with ${reply.kind}.`);
}

/** What is wrong with a dataset of the library, or with files that need not be imported. */
export function judgeHealth(
  context: Pick<ServiceContext, 'store'>,
  source: { readonly dataset: DatasetSummary } | Exclude<HealthSource, { datasetId: string }>,
  options: HealthOptions,
  modelFolder: string | undefined,
  job: JobControl,
): Promise<DatasetHealth> {
  return withJudge(job, async (ask) => {
    if ('dataset' in source) await sendRows(context, source.dataset, job, ask);
    else {
      const { files, mapping } = source;
      await ask({ kind: 'files', files, options: source.options, mapping });
    }
    const reply = await ask({ kind: 'report', options, modelFolder });
    if (reply.kind !== 'reported') throw unexpected(reply);
    return reply.health;
  });
}

/** What a fix would do to each row of a dataset. */
export function judgeFix(
  context: Pick<ServiceContext, 'store'>,
  dataset: DatasetSummary,
  wanted: {
    readonly check: RowCheck;
    readonly fix: HealthFix;
    readonly only: readonly number[] | undefined;
    readonly options: HealthOptions;
    readonly modelFolder: string | undefined;
  },
  job: JobControl,
): Promise<FixPlan> {
  return withJudge(job, async (ask) => {
    await sendRows(context, dataset, job, ask);
    const reply = await ask({ kind: 'plan', ...wanted });
    if (reply.kind !== 'planned') throw unexpected(reply);
    return reply.plan;
  });
}

/** The numbers of the rows, from 1, that a check names. */
export function judgeFinding(
  context: Pick<ServiceContext, 'store'>,
  dataset: DatasetSummary,
  wanted: {
    readonly check: RowCheck;
    readonly options: HealthOptions;
    readonly modelFolder: string | undefined;
  },
  job: JobControl,
): Promise<ReadonlySet<number>> {
  return withJudge(job, async (ask) => {
    await sendRows(context, dataset, job, ask);
    const reply = await ask({ kind: 'find', ...wanted });
    if (reply.kind !== 'found') throw unexpected(reply);
    return reply.rows;
  });
}
