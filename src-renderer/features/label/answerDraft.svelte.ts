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
  /** Whether it is still what a model or rule suggests. */
  suggested = $state(false);
  #task: LabellingTask = 'single';

  /** Begins with what the record has; where an answer has parts, with the suggestion for a record that has none. */
  begin(task: LabellingTask, columns: LabellingColumns, record: LabelRecord | undefined): void {
    const hasParts = task === 'multi' || task === 'spans';
    const answer = record?.answer ?? (hasParts ? record?.suggestion : null) ?? null;
    this.#task = task;
    this.suggested = answer !== null && record?.answer === null;
    this.labels = answer?.kind === 'labels' ? answer.labels : [];
    this.spans = answer?.kind === 'spans' ? answer.spans : [];
    this.text = answer?.kind === 'text' ? answer.text : (record?.fields[columns.answer ?? ''] ?? '');
    this.changed = false;
  }

  toggle(label: string): void {
    this.labels = this.labels.includes(label)
      ? this.labels.filter((other) => other !== label)
      : [...this.labels, label];
    this.#change();
  }

  mark(start: number, end: number, label: string): void {
    this.spans = toggleSpan(this.spans, { start, end, label });
    this.#change();
  }

  unmark(span: Span): void {
    this.spans = this.spans.filter((other) => other !== span);
    this.#change();
  }

  write(text: string): void {
    this.text = text;
    this.#change();
  }

  #change(): void {
    this.changed = true;
    this.suggested = false;
  }

  /** The answer as it is now; null where nothing has been chosen yet. */
  answer(): Answer | null {
    if (this.#task === 'spans') return { kind: 'spans', spans: [...this.spans] };
    if (this.#task === 'correction') return { kind: 'text', text: this.text };
    return this.labels.length === 0 ? null : { kind: 'labels', labels: [...this.labels] };
  }
}
