import type { HistoryEntry, LabelAction } from '../../contract/labels.ts';
import type { NewAction, RecordValues, StoredRecord } from '../../store/store.ts';

/** Actions that change records one by one, without anything else being read. */
export type RecordAction = Exclude<LabelAction, { kind: 'add' | 'suggest' | 'rename' }>;

export interface PlannedAction {
  readonly kind: NewAction['kind'];
  /** What the history shows beside the kind. */
  readonly value: HistoryEntry['value'];
  readonly edit: (record: StoredRecord) => Partial<RecordValues> | undefined;
}

function shortened(text: string): string {
  const limit = 120;
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

function answerInWords(action: Extract<LabelAction, { kind: 'label' }>): string {
  const { answer } = action;
  if (answer.kind === 'text') return shortened(answer.text);
  const labels = answer.kind === 'labels' ? answer.labels : answer.spans.map(({ label }) => label);
  return shortened(labels.join(', '));
}

/** What an action does to each record it is aimed at. Deleted records are never changed. */
export function planAction(action: RecordAction): PlannedAction {
  const plan = (value: string | null, edit: PlannedAction['edit']): PlannedAction => ({
    kind: action.kind,
    value,
    edit: (record) => (record.deleted ? undefined : edit(record)),
  });
  switch (action.kind) {
    case 'label': {
      const status = action.draft === true ? 'draft' : 'labelled';
      return plan(answerInWords(action), () => ({ answer: action.answer, status }));
    }
    case 'accept':
      return plan(null, ({ suggestion }) =>
        suggestion === null ? undefined : { answer: suggestion, status: 'labelled' },
      );
    case 'clear':
      return plan(null, () => ({ answer: null, status: 'pending' }));
    case 'discard':
      return plan(null, () => ({ status: 'discarded' }));
    case 'flag':
      return plan(String(action.flagged), () => ({ flagged: action.flagged }));
    case 'note': {
      const note = action.note === null || action.note.trim() === '' ? null : action.note;
      return plan(note === null ? null : shortened(note), () => ({ note }));
    }
    case 'edit':
      return plan(Object.keys(action.fields).join(', '), ({ fields }) => ({
        fields: { ...fields, ...action.fields },
      }));
    case 'delete':
      return plan(null, () => ({ deleted: true }));
    case 'split':
      return plan(action.split, () => ({ split: action.split }));
    default:
      return action satisfies never;
  }
}
