import type { RowContent } from '../../contract/methods.ts';
import type { RunDetail } from '../../contract/runs.ts';
import type { Prediction } from '../../contract/worker.ts';
import { readTaggedText } from '../../engine/data/taggedText.ts';
import { splitLabels } from '../../engine/objectives/multiLabel.ts';

/** What a row says, what the model says, and how sure it is of what differs. */
export interface ComparedAnswers {
  readonly actual: string;
  readonly predicted: string;
  readonly wrong: boolean;
  readonly probability: number;
}
type Comparison = (content: RowContent, prediction: Prediction) => ComparedAnswers | undefined;

function compareLabel(content: RowContent, prediction: Prediction): ComparedAnswers | undefined {
  const best = prediction.form === 'labels' ? prediction.labels[0] : undefined;
  if (best === undefined) return undefined;
  const { label: predicted, probability } = best;
  const actual = content.label ?? '';
  return { actual, predicted, wrong: predicted !== actual, probability };
}

/** Sets of labels; as sure as the surest decision for or against a label that is wrong. */
function compareLabels(separator: string): Comparison {
  return (content, prediction) => {
    if (prediction.form !== 'labels') return undefined;
    const { labels, threshold = 0.5 } = prediction;
    const actual = new Set(splitLabels(content.label ?? '', separator));
    const chosen = labels.filter(({ probability }) => probability >= threshold).map(({ label }) => label);
    const surety = labels.flatMap(({ label, probability }) => {
      const on = probability >= threshold;
      return on === actual.has(label) ? [] : [on ? probability : 1 - probability];
    });
    const unknown = [...actual].some((label) => !labels.some((each) => each.label === label));
    return {
      actual: [...actual].join(', '),
      predicted: chosen.join(', '),
      wrong: surety.length > 0 || unknown,
      probability: Math.max(0, ...surety),
    };
  };
}

/** Spans with their labels; as sure as the surest span that is not there, or as the least sure word where one is missed. */
function compareSpans(content: RowContent, prediction: Prediction): ComparedAnswers | undefined {
  const tagged = readTaggedText(content);
  if (prediction.form !== 'spans' || tagged?.spans === undefined || tagged.spans === null) return undefined;
  const keyOf = (span: { start: number; end: number; label: string }) =>
    `${span.start} ${span.end} ${span.label}`;
  const given = new Set(tagged.spans.map(keyOf));
  const invented = prediction.spans.filter((span) => !given.has(keyOf(span)));
  const missed = tagged.spans.length - (prediction.spans.length - invented.length);
  const say = (spans: readonly { start: number; end: number; label: string }[]) =>
    spans.map(({ start, end, label }) => `${label}: ${tagged.text.slice(start, end)}`).join(', ');
  return {
    actual: say(tagged.spans),
    predicted: say(prediction.spans),
    wrong: invented.length > 0 || missed > 0,
    probability:
      invented.length > 0
        ? Math.max(...invented.map(({ probability }) => probability))
        : (prediction.leastSure?.probability ?? 0),
  };
}

/** How answers of a run are compared with what its rows say; undefined where a row's answer is not simply right or wrong. */
export function comparisonFor({ task, config }: Pick<RunDetail, 'task' | 'config'>): Comparison | undefined {
  switch (task) {
    case 'classification':
      return compareLabel;
    case 'multiLabel':
      return compareLabels(String(config.objective['separator'] ?? ','));
    case 'tokenClassification':
      return compareSpans;
    default:
      return undefined;
  }
}
