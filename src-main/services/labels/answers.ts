import { TunebenchError } from '../../contract/errors/index.ts';
import { type Answer, type LabellingSummary, type LabellingTask, labelsOf } from '../../contract/labels.ts';

/** Which kind of answer a task takes. */
export function answerKind(task: LabellingTask): Answer['kind'] {
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
