import { TunebenchError } from '../../contract/errors/index.ts';
import { type Answer, type LabelChoice, type LabellingSummary, fixedLabels } from '../../contract/labels.ts';
import type { RecordValues, StoredRecord } from '../../store/store.ts';

export interface Renaming {
  readonly labels: { readonly before: readonly LabelChoice[]; readonly after: readonly LabelChoice[] };
  /** What becomes of a record that may carry the label. */
  edit(record: StoredRecord): Partial<RecordValues>;
}

function renamed(answer: Answer | null, from: string, to: string): Answer | null {
  if (answer === null || answer.kind === 'text') return answer;
  const name = (label: string) => (label === from ? to : label);
  if (answer.kind === 'labels') return { kind: 'labels', labels: [...new Set(answer.labels.map(name))] };
  return { kind: 'spans', spans: answer.spans.map((span) => ({ ...span, label: name(span.label) })) };
}

/**
 * Gives a label another name; where that is a label already, the two become one.
 * @throws TunebenchError `labels.unknownLabel`, `labels.fixedLabels`
 */
export function planRenaming(labelling: LabellingSummary, from: string, to: string): Renaming {
  const { labels, task } = labelling;
  if (fixedLabels[task] !== undefined) throw new TunebenchError('labels.fixedLabels');
  if (!labels.some(({ name }) => name === from))
    throw new TunebenchError('labels.unknownLabel', { label: from });
  const merges = labels.some(({ name }) => name === to);
  const after = merges
    ? labels.filter(({ name }) => name !== from || from === to)
    : labels.map((choice) => (choice.name === from ? { ...choice, name: to } : choice));
  return {
    labels: { before: labels, after },
    edit: ({ answer, suggestion }) => ({
      answer: renamed(answer, from, to),
      suggestion: renamed(suggestion, from, to),
    }),
  };
}
