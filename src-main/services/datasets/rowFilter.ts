import type { DatasetSummary, FieldValue, Fields } from '../../contract/datasets.ts';
import { textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { isSynthetic } from '../../contract/origin.ts';
import { type RecordFilter, labellingConditions } from '../../contract/recordFilter.ts';
import { type DatasetRecord, textOfRow } from '../../datasets/index.ts';

/** The name in one element of a list of labels or spans. */
function nameIn(element: FieldValue): string {
  if (typeof element !== 'object' || element === null || !('label' in element)) return textOf(element);
  return textOf(element.label);
}

/** The labels of a row: its label, each of a list of labels, those of its spans. */
function labelsOfRow(fields: Fields, { roles }: DatasetSummary['mapping']): string[] {
  const value = fields[roles.label ?? roles.spans ?? ''];
  return Array.isArray(value) ? value.map(nameIn) : [textOf(value)];
}

/**
 * Whether rows of a dataset pass a filter.
 * @throws TunebenchError `datasets.filterNeedsLabelling` where it asks for what only labelled records have
 */
export function createRowFilter(
  filter: RecordFilter,
  { mapping, name }: Pick<DatasetSummary, 'mapping' | 'name'>,
): (record: DatasetRecord) => boolean {
  const foreign = labellingConditions.filter((condition) => filter[condition] !== undefined);
  if (foreign.length > 0) {
    throw new TunebenchError('datasets.filterNeedsLabelling', { name, conditions: foreign.join(', ') });
  }
  const splits = filter.splits && new Set<string>(filter.splits);
  const labels = filter.labels && new Set(filter.labels);
  const wanted = filter.text?.trim().toLocaleLowerCase() ?? '';
  const { minimumLength = 0, maximumLength = Infinity } = filter;
  const measured = filter.minimumLength !== undefined || filter.maximumLength !== undefined;
  return ({ split, fields }) => {
    if (splits !== undefined && !splits.has(split)) return false;
    if (labels !== undefined && !labelsOfRow(fields, mapping).some((label) => labels.has(label)))
      return false;
    if (filter.synthetic !== undefined && isSynthetic(fields) !== filter.synthetic) return false;
    if (measured) {
      const { length } = textOfRow(fields, mapping);
      if (length < minimumLength || length > maximumLength) return false;
    }
    if (wanted === '') return true;
    return Object.values(fields).some((value) => textOf(value).toLocaleLowerCase().includes(wanted));
  };
}
