import type {
  Answer,
  LabelRecord,
  LabellingColumns,
  LabellingTask,
  Span,
} from '../../../src-main/contract/labels.ts';
import { toggleSpan } from './spans.ts';

/** The answer being put together for the record that is shown, before it is saved. */
export class AnswerDraft {
  labels = $state.raw<readonly string[]>([]);
  spans = $state.raw<readonly Span[]>([]);
  text = $state('');
  /** Whether it differs from what the record has. */
  changed = $state(false);
  #task: LabellingTask = 'single';

  /** Begins with what the record has. */
  begin(task: LabellingTask, columns: LabellingColumns, record: LabelRecord | undefined): void {
    const answer = record?.answer ?? null;
    this.#task = task;
    this.labels = answer?.kind === 'labels' ? answer.labels : [];
    this.spans = answer?.kind === 'spans' ? answer.spans : [];
    this.text = answer?.kind === 'text' ? answer.text : (record?.fields[columns.answer ?? ''] ?? '');
    this.changed = false;
  }

  toggle(label: string): void {
    this.labels = this.labels.includes(label)
      ? this.labels.filter((other) => other !== label)
      : [...this.labels, label];
    this.changed = true;
  }

  mark(start: number, end: number, label: string): void {
    this.spans = toggleSpan(this.spans, { start, end, label });
    this.changed = true;
  }

  unmark(span: Span): void {
    this.spans = this.spans.filter((other) => other !== span);
    this.changed = true;
  }

  write(text: string): void {
    this.text = text;
    this.changed = true;
  }

  /** The answer as it is now; null where nothing has been chosen yet. */
  answer(): Answer | null {
    if (this.#task === 'spans') return { kind: 'spans', spans: [...this.spans] };
    if (this.#task === 'correction') return { kind: 'text', text: this.text };
    return this.labels.length === 0 ? null : { kind: 'labels', labels: [...this.labels] };
  }
}
