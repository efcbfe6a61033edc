import { TunebenchError } from '../../contract/errors/index.ts';
import { type Answer, type LabellingSummary, type LabellingTask, labelsOf } from '../../contract/labels.ts';

/** Which kind of answer a task takes. */
function answerKind(task: LabellingTask): Answer['kind'] {
  if (task === 'spans') return 'spans';
  return task === 'correction' ? 'text' : 'labels';
}

/**
 * Whether this is an answer the labelling can take: its kind, its labels, its number of labels.
 * @throws TunebenchError `labels.wrongAnswer`, `labels.unknownLabel`
 */
export function checkAnswer(labelling: LabellingSummary, answer: Answer): void {
  const kind = answerKind(labelling.task);
  if (answer.kind !== kind) {
    throw new TunebenchError('labels.wrongAnswer', { detail: `${answer.kind}, not ${kind}` });
  }
  const single = labelling.task !== 'multi' && answer.kind === 'labels';
  if (single && answer.labels.length !== 1) {
    throw new TunebenchError('labels.wrongAnswer', { detail: `${answer.labels.length} labels, not one` });
  }
  if (answer.kind === 'spans') {
    for (const { start, end } of answer.spans) {
      if (start < 0 || end <= start) {
        throw new TunebenchError('labels.wrongAnswer', { detail: `a span from ${start} to ${end}` });
      }
    }
  }
  const known = new Set(labelling.labels.map(({ name }) => name));
  for (const label of labelsOf(answer)) {
    if (!known.has(label)) throw new TunebenchError('labels.unknownLabel', { label });
  }
}

/** An answer in one spelling, so that the same answer is the same wherever it comes from: labels and spans in order, each once. */
export function orderAnswer({ labels }: LabellingSummary, answer: Answer): Answer {
  switch (answer.kind) {
    case 'labels':
      return {
        kind: 'labels',
        labels: labels.map(({ name }) => name).filter((name) => answer.labels.includes(name)),
      };
    case 'spans':
      return {
        kind: 'spans',
        spans: answer.spans.toSorted((one, other) => one.start - other.start || one.end - other.end),
      };
    case 'text':
      return answer;
    default:
      return answer satisfies never;
  }
}
