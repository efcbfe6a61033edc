import type {
  Answer,
  LabelRecord,
  LabellingColumns,
  LabellingTask,
} from '../../../src-main/contract/labels.ts';
import { show, t } from '../../app/i18n/language.svelte.ts';

/** A label as people read it: the labels of a preference have sentences of their own. */
export function labelText(task: LabellingTask, label: string): string {
  if (task !== 'preference') return label;
  if (label === 'first' || label === 'second' || label === 'tie') return t(`label.${label}`);
  return label;
}

export function answerText(task: LabellingTask, answer: Answer): string {
  if (answer.kind === 'text') return answer.text;
  if (answer.kind === 'labels') return answer.labels.map((label) => labelText(task, label)).join(', ');
  return answer.spans.map(({ label }) => label).join(', ');
}

/** What is suggested for a record, in words; nothing where nothing is. */
export function suggestionText(task: LabellingTask, { suggestion, score }: LabelRecord): string {
  if (suggestion === null) return '';
  const labels = answerText(task, suggestion);
  return score === null
    ? t('label.suggested', { labels })
    : t('label.suggestedScore', { labels, score: show.share(score) });
}

/** What a record shows, as one text. */
export function recordText(record: LabelRecord, columns: LabellingColumns): string {
  return columns.content.map((column) => record.fields[column] ?? '').join('\n');
}

/** The beginning of a text, for a list or an announcement. */
export function beginning(text: string, limit = 160): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
