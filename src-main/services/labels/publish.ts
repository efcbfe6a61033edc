import type { ColumnMapping, DatasetSummary, Fields } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { LabellingSummary, RecordStatus } from '../../contract/labels.ts';
import { userName } from '../../platform/index.ts';
import type { DatasetHead, StoredRecord } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { lineageOf } from '../datasets/versions.ts';
import { writeDataset } from '../datasets/writeDataset.ts';
import { newId, timestamp } from '../identity.ts';
import type { JobControl } from '../jobs.ts';

/** The fields of a record with its answer in the columns of its task; undefined where the answer says nothing. */
function publishedFields(labelling: LabellingSummary, record: StoredRecord): Fields | undefined {
  const { answer, fields } = record;
  const { columns, task } = labelling;
  if (answer === null) return fields;
  if (answer.kind === 'spans') return { ...fields, spans: answer.spans };
  if (answer.kind === 'text') return { ...fields, [columns.answer ?? 'answer']: answer.text };
  const [only = ''] = answer.labels;
  if (task === 'multi') return { ...fields, [columns.answer ?? 'labels']: answer.labels };
  if (task !== 'preference') return { ...fields, [columns.answer ?? 'label']: only };
  if (only === 'tie') return undefined;
  const [chosen, rejected] =
    only === 'first' ? (['first', 'second'] as const) : (['second', 'first'] as const);
  return {
    ...fields,
    chosen: fields[columns[chosen] ?? ''] ?? '',
    rejected: fields[columns[rejected] ?? ''] ?? '',
  };
}

/** Which parts the columns of the version play; what the dataset it came from said, and the answer where it can be trained on. */
function publishedMapping(labelling: LabellingSummary, origin: DatasetSummary | undefined): ColumnMapping {
  const { columns, task } = labelling;
  const roles: ColumnMapping['roles'] = { ...(origin?.mapping.roles ?? { text: columns.content[0] ?? '' }) };
  if (task === 'single' || task === 'rating' || task === 'multi') {
    roles.text ??= columns.content[0] ?? '';
    roles.label = columns.answer ?? (task === 'multi' ? 'labels' : 'label');
  }
  if (task === 'spans') {
    roles.text ??= columns.content[0] ?? '';
    roles.spans = 'spans';
    // Tags a file came with say what the spans were before.
    delete roles.tags;
  }
  if (task === 'preference') Object.assign(roles, { chosen: 'chosen', rejected: 'rejected' });
  if (task === 'correction') roles.completion = columns.answer ?? 'answer';
  return { roles };
}

/** A labelling as the rows of a version: its columns, their parts, and what a record becomes. */
export function publishedTable({ store }: ServiceContext, labelling: LabellingSummary) {
  const origin = store.datasets.get(labelling.datasetId);
  const mapping = publishedMapping(labelling, origin);
  const added = {
    spans: ['spans'],
    preference: ['chosen', 'rejected'],
    multi: [labelling.columns.answer ?? 'labels'],
  };
  const own = origin?.columns ?? Object.keys(store.labels.record(labelling.id, 1)?.fields ?? {});
  const columns = [
    ...new Set([
      ...own,
      ...Object.values(mapping.roles),
      ...(Object.entries(added).find(([task]) => task === labelling.task)?.[1] ?? []),
    ]),
  ];
  return { origin, mapping, columns, fieldsOf: (record: StoredRecord) => publishedFields(labelling, record) };
}

/**
 * Makes a dataset of the records with these statuses, as they are now: the newest version of the one they came from.
 * @throws TunebenchError `labels.nothingToPublish`
 */
export async function publishLabelling(
  context: ServiceContext,
  labelling: LabellingSummary,
  { name, statuses }: { name: string; statuses: readonly RecordStatus[] },
  job: JobControl,
): Promise<DatasetSummary> {
  const { store } = context;
  const total = statuses.reduce((sum, status) => sum + (labelling.byStatus[status] ?? 0), 0);
  if (total === 0) throw new TunebenchError('labels.nothingToPublish', { name: labelling.name });
  const { origin, mapping, columns, fieldsOf } = publishedTable(context, labelling);
  const head: DatasetHead = {
    id: newId(),
    name,
    source: 'labelling',
    mapping,
    columns,
    addedAt: timestamp(),
    author: userName() || context.host,
    note: labelling.name,
    ...(origin === undefined ? {} : { lineage: lineageOf(origin) }),
  };
  const records = {
    *[Symbol.iterator]() {
      for (const record of store.labels.allRecords(labelling.id)) {
        const fields = statuses.includes(record.status) ? fieldsOf(record) : undefined;
        if (fields !== undefined) yield { split: record.split, fields };
      }
    },
  };
  return writeDataset(context, head, records, total, job);
}
