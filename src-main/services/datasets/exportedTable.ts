import type { DatasetSummary, Fields } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { Answer, LabellingSummary } from '../../contract/labels.ts';
import type { RecordFilter } from '../../contract/recordFilter.ts';
import type { WriteRequest, WrittenRecord } from '../../datasets/index.ts';
import type { StoredRecord } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { publishedTable } from '../labels/publish.ts';
import { createRowFilter } from './rowFilter.ts';

/** What an export writes: the columns with their parts, and the rows in order. */
export type ExportedTable = Pick<WriteRequest, 'columns' | 'roles' | 'records'>;

/** The rows of a dataset that pass a filter, and are among `numbers`, from 1, where those are given. */
export function tableOfDataset(
  { store }: ServiceContext,
  dataset: DatasetSummary,
  filter: RecordFilter,
  numbers: ReadonlySet<number> | undefined,
): ExportedTable {
  const passes = createRowFilter(filter, dataset);
  return {
    columns: dataset.columns,
    roles: dataset.mapping.roles,
    *records() {
      let number = 0;
      for (const record of store.datasets.allRecords(dataset.id)) {
        number++;
        if ((numbers === undefined || numbers.has(number)) && passes(record)) yield record;
      }
    },
  };
}

/** What a labelling knows of a record besides its answer, as columns. */
const markColumns = ['_number', '_status', '_suggestion', '_score', '_flagged', '_note'] as const;

const wordsOf = (answer: Answer | null): string => {
  if (answer === null) return '';
  if (answer.kind === 'text') return answer.text;
  return answer.kind === 'labels' ? answer.labels.join(', ') : JSON.stringify(answer.spans);
};

function marksOf(record: StoredRecord): Fields {
  const { number, status, suggestion, score, flagged, note } = record;
  return {
    _number: number,
    _status: status,
    _suggestion: wordsOf(suggestion),
    _score: score,
    _flagged: flagged,
    _note: note ?? '',
  } satisfies Record<(typeof markColumns)[number], unknown>;
}

/**
 * The records of a labelling that pass a filter, with their answers as a published version would have them.
 * @throws TunebenchError `datasets.otherLabelling` where it labels another dataset
 */
export function tableOfLabelling(
  context: ServiceContext,
  dataset: DatasetSummary,
  labelling: LabellingSummary,
  filter: RecordFilter,
  numbers: ReadonlySet<number> | undefined,
  withMarks: boolean,
): ExportedTable {
  if (labelling.datasetId !== dataset.id) {
    throw new TunebenchError('datasets.otherLabelling', { labelling: labelling.name, name: dataset.name });
  }
  const { labels } = context.store;
  const { columns, mapping, fieldsOf } = publishedTable(context, labelling);
  return {
    columns: withMarks ? [...columns, ...markColumns] : columns,
    roles: mapping.roles,
    *records(): Iterable<WrittenRecord> {
      for (const number of labels.matching(labelling.id, filter)) {
        if (numbers !== undefined && !numbers.has(number)) continue;
        const record = labels.record(labelling.id, number);
        if (record === undefined) continue;
        // An answer that makes no row of a version leaves the record as it came.
        const fields = fieldsOf(record) ?? record.fields;
        yield { split: record.split, fields: withMarks ? { ...fields, ...marksOf(record) } : fields };
      }
    },
  };
}
