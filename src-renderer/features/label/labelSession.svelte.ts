import type { Problem } from '../../../src-main/contract/errors/index.ts';
import type {
  ActionResult,
  Answer,
  LabelAction,
  LabelRule,
  LabellingState,
  LabellingSummary,
  RecordFilter,
  RecordOrder,
  RecordPage,
} from '../../../src-main/contract/labels.ts';
import type { SimilarRecords } from '../../../src-main/contract/labelRounds.ts';
import { client } from '../../rpc/client.ts';
import { problemsFromFailure } from '../../rpc/failure.ts';
import { ActionLine } from './actionLine.ts';
import { withAction, withChanged, withMore } from './optimistic.ts';

export type QueuedRecord = RecordPage['records'][number] & { readonly similarity?: number };

/** The record that others like it are shown for, instead of a queue. */
export interface LikeRecord {
  readonly number: number;
  readonly by: SimilarRecords['by'];
}

const pageLimit = 100;
/** So many records are kept ready behind the one being shown. */
const readyRecords = 60;
const similarRecords = 50;
/** So often a busy helper is asked whether it is done. */
const lookEveryMs = 500;

/**
 * One person labelling: the records of a queue, the one being shown, and the actions on their way to the host. What is
 * shown changes with the keypress; the host gets the actions in the same order, and what it refuses is taken back by
 * reading the queue again.
 */
export class LabelSession {
  readonly id: string;
  labelling = $state.raw<LabellingSummary | undefined>(undefined);
  state = $state.raw<LabellingState | undefined>(undefined);
  problems = $state.raw<readonly Problem[]>([]);
  filter = $state.raw<RecordFilter>({ statuses: ['pending', 'draft'] });
  order = $state<RecordOrder>('number');
  records = $state.raw<readonly QueuedRecord[]>([]);
  /** The record being shown; one past the last when the queue is at its end. */
  index = $state(0);
  more = $state(true);
  /** Records that match, exactly up to the contract's limit. */
  matching = $state<number | undefined>(undefined);
  /** The record whose likes are shown; undefined in a queue. */
  like = $state.raw<LikeRecord | undefined>(undefined);
  /** How often the queue was read from its beginning. */
  reads = $state(0);
  readonly current = $derived(this.records[this.index]);
  /** Whether the next record is still on its way: labelling was faster than reading. */
  readonly waiting = $derived(this.current === undefined && this.more && this.records.length > 0);
  readonly #line = new ActionLine();
  #loading: Promise<void> | undefined;
  #generation = 0;
  /** How often suggestions were made anew when the records were read. */
  #renewals = 0;
  #helpTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(id: string) {
    this.id = id;
  }

  async open(): Promise<void> {
    await this.#try(async () => {
      const { state, ...labelling } = await client.labels.get({ id: this.id });
      // Rounds are compared where they differ: those records are drafts.
      if (this.labelling === undefined && labelling.rounds.length > 0) this.filter = { statuses: ['draft'] };
      this.labelling = labelling;
      this.state = state;
      this.#renewals = state.help?.renewals ?? 0;
      this.#awaitHelp();
    });
    await this.reload();
  }

  /** Reads the queue anew from its beginning. */
  async reload(): Promise<void> {
    const generation = ++this.#generation;
    await this.#line.settled();
    const page = await this.#try(() =>
      client.labels.page({ id: this.id, filter: this.filter, order: this.order, limit: pageLimit }),
    );
    if (page === undefined || generation !== this.#generation) return;
    this.like = undefined;
    this.records = page.records;
    this.index = 0;
    this.more = page.more;
    this.reads += 1;
    void this.#countMatches(generation);
  }

  choose(filter: RecordFilter, order: RecordOrder = this.order): void {
    this.filter = filter;
    this.order = order;
    void this.reload();
  }

  /** Shows the next record, reading ahead long before the last one is reached. */
  advance(by = 1): void {
    this.index = Math.max(0, Math.min(this.records.length, this.index + by));
    if (this.more && this.records.length - this.index < readyRecords) void this.readAhead();
  }

  /** Shows the records most like one, the most similar first; `reload` goes back to the queue. */
  async showSimilar(number: number): Promise<void> {
    const generation = ++this.#generation;
    await this.#line.settled();
    const found = await this.#try(() =>
      client.labels.similar({ id: this.id, number, limit: similarRecords }),
    );
    if (found === undefined || generation !== this.#generation) return;
    this.records = found.records.map((record) => ({
      ...record,
      cursor: { value: record.number, number: record.number },
    }));
    this.like = { number, by: found.by };
    this.index = 0;
    this.more = false;
    this.matching = found.records.length;
    this.reads += 1;
  }

  /** Takes over what is known of a labelling that was changed elsewhere: its help, its labels. */
  async refresh(): Promise<void> {
    try {
      const { state, ...labelling } = await client.labels.get({ id: this.id });
      this.labelling = labelling;
      this.#takeState(state);
    } catch (error) {
      this.problems = problemsFromFailure(error);
    }
  }

  #takeState(state: LabellingState): void {
    this.state = state;
    this.#awaitHelp();
    const renewals = state.help?.renewals ?? 0;
    if (renewals === this.#renewals) return;
    this.#renewals = renewals;
    void this.#renew();
  }

  /** New suggestions: the records after the one being shown come in their new order, those before it stay. */
  async #renew(): Promise<void> {
    if (this.like !== undefined) return;
    const generation = this.#generation;
    await this.#line.settled();
    const after = this.#isModelOrder ? undefined : this.records[this.index - 1]?.cursor;
    const page = await this.#try(() =>
      client.labels.page({
        id: this.id,
        filter: this.filter,
        order: this.order,
        limit: pageLimit,
        ...(after === undefined ? {} : { after }),
      }),
    );
    if (page === undefined || generation !== this.#generation) return;
    const kept = withChanged(this.records.slice(0, this.index + 1), page.records);
    this.records = withMore(kept, page.records);
    this.more = page.more;
  }

  /** Whether the order is by what a model says. */
  get #isModelOrder(): boolean {
    return !['number', 'random', 'shortest', 'longest'].includes(this.order);
  }

  readAhead(): Promise<void> {
    this.#loading ??= this.#readNextPage().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #readNextPage(): Promise<void> {
    const generation = this.#generation;
    const after = this.records.at(-1)?.cursor;
    if (after === undefined) return;
    const page = await this.#try(() =>
      client.labels.page({ id: this.id, filter: this.filter, order: this.order, after, limit: pageLimit }),
    );
    if (page === undefined || generation !== this.#generation) return;
    this.records = withMore(this.records, page.records);
    this.more = page.more;
  }

  async #countMatches(generation: number): Promise<void> {
    const counted = await this.#try(() => client.labels.count({ id: this.id, filter: this.filter }));
    if (generation === this.#generation) this.matching = counted?.count;
  }

  /** Does an action: here at once, at the host in turn. */
  act(action: LabelAction): void {
    this.records = withAction(this.records, action);
    this.#send(() => client.labels.act({ id: this.id, action }));
  }

  answer(numbers: readonly number[], answer: Answer, draft = false): void {
    this.act({ kind: 'label', target: { numbers: [...numbers] }, answer, ...(draft ? { draft } : {}) });
  }

  undo(): Promise<ActionResult | undefined> {
    return this.#turn(() => client.labels.undo({ id: this.id }));
  }

  redo(): Promise<ActionResult | undefined> {
    return this.#turn(() => client.labels.redo({ id: this.id }));
  }

  async revert(sequence: number): Promise<void> {
    await this.#turn(() => client.labels.revert({ id: this.id, sequence }));
    await this.reload();
  }

  /** Gives a label another name, or makes it one with another. Fails as the host says. */
  async rename(from: string, to: string): Promise<void> {
    const action: LabelAction = { kind: 'rename', from, to };
    const result = await this.#line.add(() => client.labels.act({ id: this.id, action }));
    this.#take(result);
    await this.reload();
  }

  /** Makes suggestions of what rules say. Fails as the host says. */
  async suggest(rules: readonly LabelRule[]): Promise<number> {
    const action: LabelAction = { kind: 'suggest', rules: [...rules] };
    const result = await this.#line.add(() => client.labels.act({ id: this.id, action }));
    this.#take(result);
    await this.reload();
    return result.changed;
  }

  /** Shows a record by its number, wherever the queue is. */
  async goTo(number: number): Promise<boolean> {
    const known = this.records.findIndex((record) => record.number === number);
    if (known >= 0) {
      this.index = known;
      return true;
    }
    const record = await this.#try(() => client.labels.record({ id: this.id, number }));
    if (record === undefined) return false;
    this.#insert({ ...record, cursor: this.current?.cursor ?? { value: number, number } });
    return true;
  }

  /** Resolves when the host has acknowledged everything done so far. */
  settled(): Promise<void> {
    return this.#line.settled();
  }

  #insert(record: QueuedRecord): void {
    this.records = [...this.records.slice(0, this.index), record, ...this.records.slice(this.index)];
  }

  #send(call: () => Promise<ActionResult>): void {
    this.#line.add(call).then(
      (result) => this.#take(result),
      (error: unknown) => {
        this.problems = problemsFromFailure(error);
        void this.reload();
      },
    );
  }

  #take(result: ActionResult): void {
    const { labels } = result;
    if (labels !== undefined && this.labelling) this.labelling = { ...this.labelling, labels };
    this.#takeState(result.state);
  }

  /** Suggestions are made in the background: looks for them until they are there, also while nobody does anything. */
  #awaitHelp(): void {
    clearTimeout(this.#helpTimer);
    if (this.#closed || this.state?.help?.busy !== true) return;
    this.#helpTimer = setTimeout(() => void this.refresh(), lookEveryMs);
  }

  /** Nothing is looked for any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#helpTimer);
  }

  /** An undo or redo: the record it changed is shown as it is now. */
  async #turn(call: () => Promise<ActionResult>): Promise<ActionResult | undefined> {
    const result = await this.#try(() => this.#line.add(call));
    if (result === undefined) return undefined;
    this.#take(result);
    this.records = withChanged(this.records, result.records);
    const first = result.records[0];
    if (first !== undefined) await this.goTo(first.number);
    return result;
  }

  async #try<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      const value = await work();
      this.problems = [];
      return value;
    } catch (error) {
      this.problems = problemsFromFailure(error);
      return undefined;
    }
  }
}
