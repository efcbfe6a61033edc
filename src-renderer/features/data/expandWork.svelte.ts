import type { DatasetSummary } from '../../../src-main/contract/datasets.ts';
import type { Candidate, ExpansionEvent, ExpansionInput } from '../../../src-main/contract/synthetic.ts';
import { client } from '../../rpc/client.ts';
import { Action } from '../../rpc/resource.svelte.ts';

export type Verdict = 'open' | 'accepted' | 'rejected';
export interface JudgedText extends Candidate {
  /** What the model wrote; `text` is what a person made of it. */
  readonly written: string;
  readonly verdict: Verdict;
}

/** Texts that a model writes after rows of one version, and what a person thinks of each. */
export class ExpandWork {
  readonly datasetId: string;
  texts = $state.raw<readonly JudgedText[]>([]);
  current = $state(0);
  total = $state(0);
  dropped = $state({ empty: 0, duplicate: 0 });
  head = $state.raw<{ model: string; column: string; template: string } | undefined>(undefined);
  readonly writing = new Action();
  readonly adding = new Action();
  #controller: AbortController | undefined;

  constructor(datasetId: string) {
    this.datasetId = datasetId;
  }

  readonly done = $derived(this.texts.length + this.dropped.empty + this.dropped.duplicate);
  readonly accepted = $derived(this.texts.filter(({ verdict }) => verdict === 'accepted'));
  readonly open = $derived(this.texts.filter(({ verdict }) => verdict === 'open').length);

  /** Texts of an earlier request give way. */
  async write(request: ExpansionInput): Promise<void> {
    const controller = new AbortController();
    this.#controller = controller;
    await this.writing.run(async () => {
      this.texts = [];
      this.current = 0;
      this.total = 0;
      this.dropped = { empty: 0, duplicate: 0 };
      const { signal } = controller;
      for await (const event of await client.datasets.expand(request, { signal })) this.#take(event);
    });
  }

  stop(): void {
    this.#controller?.abort();
  }

  #take(event: ExpansionEvent): void {
    switch (event.kind) {
      case 'started':
        this.head = event;
        this.total = event.total;
        return;
      case 'written':
        this.texts = [...this.texts, { ...event.candidate, written: event.candidate.text, verdict: 'open' }];
        return;
      case 'dropped':
        this.dropped = { ...this.dropped, [event.why]: this.dropped[event.why] + 1 };
        return;
      default:
        event satisfies never;
    }
  }

  go(index: number): void {
    this.current = Math.max(0, Math.min(this.texts.length - 1, index));
  }

  /** Judges the current text and goes on to the next one that is open, if there is one behind it. */
  judge(verdict: Verdict): void {
    const { current } = this;
    this.#change(current, { verdict });
    const next = this.texts.findIndex((text, index) => index > current && text.verdict === 'open');
    if (next !== -1) this.current = next;
  }

  acceptOpen(): void {
    this.texts = this.texts.map((text) =>
      text.verdict === 'open' ? { ...text, verdict: 'accepted' } : text,
    );
  }

  /** The current text as a person rewrote it, who then wants it. */
  edit(text: string): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    this.#change(this.current, { text: trimmed });
    this.judge('accepted');
  }

  #change(index: number, change: Partial<JudgedText>): void {
    this.texts = this.texts.map((text, at) => (at === index ? { ...text, ...change } : text));
  }

  /** Makes the accepted texts rows of a new version. */
  async add(): Promise<DatasetSummary | undefined> {
    const { head, accepted, datasetId: id } = this;
    if (head === undefined || accepted.length === 0) return undefined;
    const { model, column, template } = head;
    const texts = accepted.map(({ text, row, examples, seed, written }) => {
      return { text, row, examples, seed, edited: text !== written };
    });
    return this.adding.run(() => client.datasets.addSynthetic({ id, model, column, template, texts }));
  }
}
