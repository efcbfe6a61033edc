import type { LabelAction, LabelRecord } from '../../../src-main/contract/labels.ts';

/** What an action makes of a record, shown before the host has said so. */
function changed<Item extends LabelRecord>(record: Item, action: LabelAction): Item {
  switch (action.kind) {
    case 'label':
      return { ...record, answer: action.answer, status: action.draft === true ? 'draft' : 'labelled' };
    case 'accept':
      return record.suggestion === null
        ? record
        : { ...record, answer: record.suggestion, status: 'labelled' };
    case 'clear':
      return { ...record, answer: null, status: 'pending' };
    case 'discard':
      return { ...record, status: 'discarded' };
    case 'flag':
      return { ...record, flagged: action.flagged };
    case 'note':
      return { ...record, note: action.note };
    case 'split':
      return { ...record, split: action.split };
    case 'delete':
      return { ...record, deleted: true };
    case 'edit':
      return { ...record, fields: { ...record.fields, ...action.fields } };
    case 'add':
    case 'suggest':
    case 'rename':
      return record;
    default:
      return action satisfies never;
  }
}

/** The records with the action done to those it names. */
export function withAction<Item extends LabelRecord>(
  records: readonly Item[],
  action: LabelAction,
): readonly Item[] {
  if (action.kind === 'add' || action.kind === 'suggest' || action.kind === 'rename') return records;
  const numbers =
    action.kind === 'edit' ? [action.number] : 'numbers' in action.target ? action.target.numbers : undefined;
  if (numbers === undefined) return records;
  const wanted = new Set(numbers);
  return records.map((record) => (wanted.has(record.number) ? changed(record, action) : record));
}

/** The records followed by those that are not among them yet. */
export function withMore<Item extends LabelRecord>(
  records: readonly Item[],
  more: readonly Item[],
): readonly Item[] {
  const known = new Set(records.map(({ number }) => number));
  return [...records, ...more.filter(({ number }) => !known.has(number))];
}

/** The records with what the host says they are now. */
export function withChanged<Item extends LabelRecord>(
  records: readonly Item[],
  changed: readonly LabelRecord[],
): readonly Item[] {
  const now = new Map(changed.map((record) => [record.number, record]));
  return records.map((record) => ({ ...record, ...now.get(record.number) }));
}
