import type { z } from 'zod';
import type { contract } from '../../contract/contract.ts';
import { type DatasetSummary, textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { withKeys } from '../../contract/labelKeys.ts';
import {
  type Answer,
  type LabellingColumns,
  type LabellingSummary,
  type LabellingTask,
  fixedLabels,
} from '../../contract/labels.ts';
import type { NewLabelRecord, NewRecord } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';

export type OpenInput = z.output<NonNullable<(typeof contract.labels.open)['~orpc']['inputSchema']>>;

const rowsPerTransaction = 1000;
const mostLabels = 1000;

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

/** The labels a column holds, in the order they come; a list in a cell is several. */
function labelsIn(context: ServiceContext, dataset: DatasetSummary, column: string): string[] {
  const names = new Set<string>();
  for (const { fields } of context.store.datasets.allRecords(dataset.id)) {
    const value = fields[column];
    for (const name of Array.isArray(value) ? value.map(textOf) : [textOf(value)]) names.add(name.trim());
    if (names.size > mostLabels) break;
  }
  return [...names].filter((name) => name !== '').slice(0, mostLabels);
}

/** What can be chosen: the labels of the task, those asked for, or those the rows already have. */
function chooseLabels(
  context: ServiceContext,
  dataset: DatasetSummary,
  input: OpenInput,
  columns: LabellingColumns,
): string[] {
  const given = fixedLabels[input.task] ?? input.labels;
  if (given !== undefined) return [...new Set(given)];
  if (columns.answer === undefined || (input.task !== 'single' && input.task !== 'multi')) return [];
  if (columns.answer === dataset.mapping.roles.label && input.task === 'single') {
    return dataset.labels.map(({ label }) => label.trim()).filter((label) => label !== '');
  }
  return labelsIn(context, dataset, columns.answer);
}

/** The answer a row already has, where its column holds one this task can take. */
function existingAnswer(
  fields: NewRecord['fields'],
  task: LabellingTask,
  columns: LabellingColumns,
  labels: ReadonlySet<string>,
): Answer | null {
  if (columns.answer === undefined) return null;
  const value = fields[columns.answer];
  const text = textOf(value).trim();
  if (task === 'multi' && Array.isArray(value)) {
    const known = value.filter((label): label is string => typeof label === 'string' && labels.has(label));
    return known.length === 0 ? null : { kind: 'labels', labels: known };
  }
  if (task === 'single' || task === 'multi' || task === 'rating') {
    return labels.has(text) ? { kind: 'labels', labels: [text] } : null;
  }
  return null;
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
  const labels = new Set(names);
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
    const found = input.existing === 'nothing' ? null : existingAnswer(fields, input.task, columns, labels);
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
