import type { z } from 'zod';
import type { contract } from '../../contract/contract.ts';
import type { DatasetSummary } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { withKeys } from '../../contract/labelKeys.ts';
import type { LabellingColumns, LabellingSummary, LabellingTask } from '../../contract/labels.ts';
import type { NewLabelRecord } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';
import { answerReader, chooseLabels } from './existingAnswers.ts';

export type OpenInput = z.output<NonNullable<(typeof contract.labels.open)['~orpc']['inputSchema']>>;

const rowsPerTransaction = 1000;

function suggestedColumns(dataset: DatasetSummary, task: LabellingTask): LabellingColumns {
  const { roles } = dataset.mapping;
  const answer = task === 'correction' ? roles.completion : roles.label;
  const shown = [roles.prompt, roles.text, roles.textPair].filter((column) => column !== undefined);
  const first = dataset.columns.find((column) => column !== answer) ?? dataset.columns[0] ?? '';
  return { content: shown.length > 0 ? shown : [first], ...(answer === undefined ? {} : { answer }) };
}

/**
 * The columns a labelling will use.
 * @throws TunebenchError `labels.unknownColumn`, `labels.needsColumns`
 */
function chooseColumns(dataset: DatasetSummary, input: OpenInput): LabellingColumns {
  const columns = { ...suggestedColumns(dataset, input.task), ...input.columns };
  const named = [...columns.content, columns.answer, columns.first, columns.second];
  for (const column of named) {
    // The answer may go into a column that is not there yet.
    if (column === undefined || column === columns.answer || dataset.columns.includes(column)) continue;
    const known = dataset.columns.join(', ');
    throw new TunebenchError('labels.unknownColumn', { dataset: dataset.name, column, columns: known });
  }
  if (input.task === 'preference' && (columns.first === undefined || columns.second === undefined)) {
    throw new TunebenchError('labels.needsColumns');
  }
  return columns;
}

/** The name with a number behind it where other labellings have it already: rounds are told apart by their names. */
function freeName({ store }: ServiceContext, name: string): string {
  const taken = new Set(store.labels.list().map((labelling) => labelling.name));
  for (let round = 1; ; round++) {
    const wanted = round === 1 ? name : `${name} (${round})`;
    if (!taken.has(wanted)) return wanted;
  }
}

/**
 * Copies a dataset's rows into records that can be labelled. Until the last row is in, the labelling does not exist; what
 * a failure or a cancel leaves behind is cleared away in the background.
 */
export async function openLabelling(
  context: ServiceContext,
  dataset: DatasetSummary,
  input: OpenInput,
  job: JobControl,
): Promise<LabellingSummary> {
  const columns = chooseColumns(dataset, input);
  const names = chooseLabels(context, dataset, input, columns);
  const answerOf = answerReader(dataset, input.task, columns, names);
  const writer = context.store.labels.start({
    id: newId(),
    name: input.name ?? freeName(context, dataset.name),
    datasetId: dataset.id,
    datasetName: dataset.name,
    task: input.task,
    recordKind: 'text',
    columns,
    labels: withKeys(names.map((name) => ({ name, key: null }))),
    seed: input.seed,
    addedAt: timestamp(),
    rounds: [],
  });
  let batch: NewLabelRecord[] = [];
  let written = 0;
  const flush = () => {
    writer.append(batch);
    written += batch.length;
    batch = [];
    job.progress(written, dataset.rows);
  };
  for (const { split, fields } of context.store.datasets.allRecords(dataset.id)) {
    const found = input.existing === 'nothing' ? null : answerOf(fields);
    const answer = input.existing === 'answers' ? found : null;
    batch.push({
      status: answer === null ? 'pending' : 'labelled',
      split,
      fields,
      answer,
      suggestion: input.existing === 'suggestions' ? found : null,
    });
    if (batch.length < rowsPerTransaction) continue;
    flush();
    // Other calls of the host get their turn between two pieces.
    await new Promise((resolve) => setImmediate(resolve));
    job.signal.throwIfAborted();
  }
  flush();
  return writer.finish();
}
