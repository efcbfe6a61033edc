import type { LabelCommand } from '../../../src-main/contract/labelKeys.ts';
import type { Answer } from '../../../src-main/contract/labels.ts';
import type { Stretch } from '../../../src-main/contract/taggedWords.ts';
import { t } from '../../app/i18n/language.svelte.ts';
import { AnswerDraft } from './answerDraft.svelte.ts';
import { BulkSelection } from './bulkSelection.svelte.ts';
import { type KeyMeaning, meaningOf } from './labelKeyboard.ts';
import { LabelSession } from './labelSession.svelte.ts';
import { answerText, beginning, labelText, recordText, suggestionText } from './labelText.ts';
import { moveByWord, moveEnd, wordsOf } from './spans.ts';

export type LabelDialog = 'labels' | 'publish' | 'export' | 'note' | 'edit' | 'goTo' | 'rules' | 'help';

/** What keys and buttons of the labelling page do, the same in both views. */
export class LabelWork {
  readonly session: LabelSession;
  readonly draft = new AnswerDraft();
  readonly selection = new BulkSelection();
  readonly #ahead: KeyMeaning[] = [];
  #begun: number | undefined;
  #begunWith = 'null';
  view = $state<'focus' | 'bulk'>('focus');
  dialog = $state<LabelDialog | undefined>(undefined);
  /** Part of the text that the next label will be put on. */
  stretch = $state.raw<Stretch | undefined>(undefined);
  /** What a screen reader says next. */
  announcement = $state('');
  pageSize = $state(25);
  pageStart = $state(0);
  readonly rows = $derived.by(() =>
    this.session.records.slice(this.pageStart, this.pageStart + this.pageSize),
  );
  readonly hasNextRows = $derived.by(
    () => this.session.more || this.pageStart + this.pageSize < this.session.records.length,
  );
  /** The records that a command is aimed at. */
  readonly targets = $derived.by(() => {
    if (this.view === 'bulk') return this.selection.target(this.rows);
    return this.session.current === undefined ? [] : [this.session.current.number];
  });
  /** Whether there is an answer in the making that Enter would save. */
  readonly canSave = $derived.by(() => {
    if (this.view === 'bulk' || this.session.current === undefined) return false;
    const task = this.#task;
    if (task === 'correction') return true;
    return (task === 'multi' || task === 'spans') && this.draft.changed;
  });

  constructor(id: string) {
    this.session = new LabelSession(id);
  }

  get #task() {
    return this.session.labelling?.task ?? 'single';
  }

  /**
   * Begins the answer with what the record has, once for each record that is shown, and once more where another suggestion
   * has come for one that nobody has touched; `again` where it was changed.
   */
  beginRecord(again = false): void {
    const { labelling, current } = this.session;
    const suggestion = JSON.stringify(current?.suggestion ?? null);
    const untouched = !this.draft.changed && suggestion !== this.#begunWith;
    if (!again && labelling !== undefined && current?.number === this.#begun && !untouched) return;
    this.#begun = labelling === undefined ? undefined : current?.number;
    this.#begunWith = suggestion;
    if (labelling) this.draft.begin(labelling.task, labelling.columns, current);
  }

  /** The queue was read anew: lists begin at its first record, and nothing is selected. */
  beginQueue(): void {
    this.selection.clear();
    this.selection.cursor = 0;
    this.pageStart = 0;
    this.beginRecord(true);
  }

  setDialog(name: LabelDialog, open: boolean): void {
    if (open) this.dialog = name;
    else if (this.dialog === name) this.dialog = undefined;
  }

  press(event: KeyboardEvent): void {
    const { labelling } = this.session;
    if (!labelling) return;
    if (this.#pressInView(event)) {
      event.preventDefault();
      return;
    }
    const meaning = meaningOf(event, labelling.labels);
    if (meaning === undefined) return;
    event.preventDefault();
    if (this.view === 'focus' && this.session.waiting) this.#whenRead(meaning);
    else this.#do(meaning);
  }

  #do(meaning: KeyMeaning): void {
    if ('label' in meaning) this.choose(meaning.label);
    else this.command(meaning.command);
  }

  /** Keys pressed before the next record is there are meant for it, each for one more. */
  #whenRead(meaning: KeyMeaning): void {
    this.#ahead.push(meaning);
    if (this.#ahead.length > 1) return;
    void this.session.readAhead().then(() => {
      for (const each of this.#ahead.splice(0)) this.#do(each);
    });
  }

  /** Keys that only one view or task has: the rows of the list, the words of a text. */
  #pressInView(event: KeyboardEvent): boolean {
    const { target, code } = event;
    if (this.dialog !== undefined || event.isComposing || event.ctrlKey || event.metaKey) return false;
    if (
      target instanceof HTMLElement &&
      target.matches('input:not([type=checkbox]), textarea, [role=combobox]')
    )
      return false;
    if (this.view === 'bulk') {
      if (code === 'ArrowDown') this.selection.move(1, this.rows, event.shiftKey);
      else if (code === 'ArrowUp') this.selection.move(-1, this.rows, event.shiftKey);
      else if (code === 'Space' && !(target instanceof HTMLElement && target.closest('button, a, input'))) {
        this.selection.toggle(this.rows[this.selection.cursor]?.number);
      } else return false;
      return true;
    }
    if (this.#task !== 'spans' || this.session.current === undefined || !this.session.labelling) return false;
    const text = recordText(this.session.current, this.session.labelling.columns);
    if (code === 'ArrowRight' || code === 'ArrowLeft') {
      const direction = code === 'ArrowRight' ? 1 : -1;
      this.stretch =
        event.altKey && this.stretch
          ? moveEnd(this.stretch, direction, text.length)
          : moveByWord(wordsOf(text), this.stretch, direction, event.shiftKey);
      return true;
    }
    if (code === 'Delete' && this.stretch) {
      const at = this.stretch;
      const span = this.draft.spans.find(({ start, end }) => start < at.end && end > at.start);
      if (span) this.draft.unmark(span);
      return true;
    }
    return false;
  }

  show(view: 'focus' | 'bulk'): void {
    this.view = view;
    this.selection.clear();
    this.selection.cursor = 0;
    this.pageStart =
      view === 'bulk' ? Math.min(this.session.index, Math.max(0, this.session.records.length - 1)) : 0;
  }

  /** A label's key or chip. */
  choose(label: string): void {
    const task = this.#task;
    if (this.view === 'bulk') {
      if (task === 'spans' || task === 'correction') return;
      this.#answerAll(this.targets, { kind: 'labels', labels: [label] });
      return;
    }
    if (task === 'multi') this.draft.toggle(label);
    else if (task === 'spans') {
      if (this.stretch) this.draft.mark(this.stretch.start, this.stretch.end, label);
    } else if (task !== 'correction') this.#answer({ kind: 'labels', labels: [label] });
  }

  /** Saves the answer that was put together, and goes on. */
  save(): void {
    const answer = this.draft.answer();
    if (answer !== null) this.#answer(answer);
  }

  command(command: LabelCommand): void {
    const numbers = this.targets;
    const target = { numbers: [...numbers] };
    const { session } = this;
    switch (command) {
      case 'accept':
        return this.#accept(numbers);
      case 'skip':
        return this.view === 'bulk' ? void this.turnPage(1) : this.#leave(1);
      case 'back':
        return this.view === 'bulk' ? void this.turnPage(-1) : this.#leave(-1);
      case 'discard':
        if (numbers.length === 0) return;
        session.act({ kind: 'discard', target });
        return this.#afterAction(t('label.status.discarded'), numbers.length);
      case 'flag': {
        if (numbers.length === 0) return;
        const flagged = !session.records.some(({ number, flagged: on }) => on && numbers.includes(number));
        return session.act({ kind: 'flag', target, flagged });
      }
      case 'note':
      case 'goTo':
        this.dialog = command;
        return;
      case 'edit':
        if (this.#task === 'correction') document.getElementById('label-correction')?.focus();
        else this.dialog = 'edit';
        return;
      case 'undo':
      case 'redo':
        return void this.#turn(command);
      case 'bulk':
        return this.show(this.view === 'bulk' ? 'focus' : 'bulk');
      case 'history':
        document.getElementById('label-history-heading')?.scrollIntoView({ block: 'nearest' });
        return;
      case 'similar': {
        const [number] = numbers;
        if (number !== undefined) void this.#showSimilar(number);
        return;
      }
      case 'search':
        document.getElementById('label-search')?.focus();
        return;
      default:
        return command satisfies never;
    }
  }

  writeNote(note: string): void {
    const target = { numbers: [...this.targets] };
    if (target.numbers.length > 0) {
      this.session.act({ kind: 'note', target, note: note.trim() === '' ? null : note });
    }
  }

  editText(text: string): void {
    const column = this.session.labelling?.columns.content[0];
    const number = this.session.current?.number;
    if (column !== undefined && number !== undefined) {
      this.session.act({ kind: 'edit', number, fields: { [column]: text } });
    }
  }

  async goTo(number: number): Promise<void> {
    if (number < 1) return;
    this.view = 'focus';
    if (await this.session.goTo(number)) this.#announceRecord();
  }

  setPageSize(size: number): void {
    this.pageSize = size;
    this.selection.clear();
    this.selection.cursor = 0;
    void this.#fillRows();
  }

  async turnPage(direction: 1 | -1): Promise<void> {
    this.selection.clear();
    this.selection.cursor = 0;
    const next = this.pageStart + direction * this.pageSize;
    if (next < 0) this.pageStart = 0;
    else if (next < this.session.records.length || this.session.more) {
      await this.#fillRows(next);
      if (next < this.session.records.length) this.pageStart = next;
    }
  }

  async #fillRows(start = this.pageStart): Promise<void> {
    while (this.session.more && this.session.records.length < start + this.pageSize) {
      const before = this.session.records.length;
      await this.session.readAhead();
      if (this.session.records.length === before) return;
    }
  }

  #accept(numbers: readonly number[]): void {
    if (this.canSave) return this.save();
    const suggested = this.session.records.filter(
      ({ number, suggestion }) => suggestion !== null && numbers.includes(number),
    );
    if (suggested.length === 0) return;
    this.session.act({ kind: 'accept', target: { numbers: suggested.map(({ number }) => number) } });
    const first = suggested[0]?.suggestion;
    this.#afterAction(first ? answerText(this.#task, first) : '', suggested.length);
  }

  async #showSimilar(number: number): Promise<void> {
    await this.session.showSimilar(number);
    this.announcement = t('label.likeTitle', { number });
  }

  #answer(answer: Answer): void {
    const number = this.session.current?.number;
    if (number === undefined) return;
    this.session.answer([number], answer);
    this.#afterAction(answerText(this.#task, answer), 1);
  }

  #answerAll(numbers: readonly number[], answer: Answer): void {
    if (numbers.length === 0) return;
    this.session.answer(numbers, answer);
    this.#afterAction(answerText(this.#task, answer), numbers.length);
  }

  /** On to the next record, or the next row of the list. */
  #afterAction(said: string, count: number): void {
    if (this.view === 'bulk') {
      const single = this.selection.numbers.length === 0;
      this.selection.clear();
      if (single) this.selection.move(1, this.rows);
      this.announcement = t('label.saidBulk', { labels: said, count });
      return;
    }
    this.session.advance();
    this.beginRecord();
    this.#announceRecord(said);
  }

  /** Goes on or back without deciding; an answer in the making is kept as a draft. */
  #leave(by: 1 | -1): void {
    const { current } = this.session;
    const answer = this.draft.changed ? this.draft.answer() : null;
    if (current !== undefined && answer !== null) this.session.answer([current.number], answer, true);
    this.session.advance(by);
    this.beginRecord();
    this.#announceRecord();
  }

  async #turn(direction: 'undo' | 'redo'): Promise<void> {
    const result = direction === 'undo' ? await this.session.undo() : await this.session.redo();
    if (result === undefined) return;
    const number = result.records[0]?.number;
    if (result.sequence === null || number === undefined) this.announcement = t('label.saidNothing');
    else this.announcement = t(direction === 'undo' ? 'label.saidUndo' : 'label.saidRedo', { number });
    this.beginRecord(true);
  }

  #announceRecord(said?: string): void {
    const { current, labelling } = this.session;
    if (!labelling) return;
    if (current === undefined) {
      this.announcement = t('label.saidEnd', { labels: said ?? '' });
      return;
    }
    const text =
      `${beginning(recordText(current, labelling.columns))} ${suggestionText(labelling.task, current)}`.trim();
    const labels = said === undefined ? undefined : labelText(labelling.task, said);
    this.announcement =
      labels === undefined
        ? t('label.saidRecord', { number: current.number, text })
        : t('label.saidLabel', { labels, number: current.number, text });
  }
}
