import { TunebenchError } from '../../contract/errors/index.ts';
import { type LabelRule, type LabellingColumns, type RuleReport, labelsOf } from '../../contract/labels.ts';
import { textOf } from '../../contract/datasets.ts';
import type { StoredRecord } from '../../store/store.ts';

/** @throws TunebenchError `labels.badExpression` */
function compile({ form, pattern }: LabelRule): (text: string) => boolean {
  if (form === 'keyword') {
    const wanted = pattern.toLowerCase();
    return (text) => text.toLowerCase().includes(wanted);
  }
  try {
    const expression = new RegExp(pattern, 'iu');
    return (text) => expression.test(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new TunebenchError('labels.badExpression', { pattern, detail });
  }
}

/** What rules say about records: collected one record after another. */
export class RuleTrial {
  /** The one label that every rule that speaks about a record agrees on. */
  readonly suggestions = new Map<number, string>();
  readonly #rules: { label: string; matches: (text: string) => boolean }[];
  readonly #report: RuleReport;
  readonly #content: readonly string[];

  constructor(rules: readonly LabelRule[], columns: LabellingColumns) {
    this.#rules = rules.map((rule) => ({ label: rule.label, matches: compile(rule) }));
    this.#content = columns.content;
    this.#report = {
      records: 0,
      covered: 0,
      conflicting: 0,
      rules: rules.map(() => ({ covered: 0, conflicting: 0, labelled: 0, right: 0 })),
    };
  }

  get report(): RuleReport {
    return this.#report;
  }

  add(record: StoredRecord): void {
    const text = this.#content.map((column) => textOf(record.fields[column])).join('\n');
    const speaking = this.#rules.flatMap(({ label, matches }, index) =>
      matches(text) ? [{ label, index }] : [],
    );
    this.#report.records++;
    const [first] = speaking;
    if (first === undefined) return;
    const conflicting = speaking.some(({ label }) => label !== first.label);
    this.#report.covered++;
    if (conflicting) this.#report.conflicting++;
    else this.suggestions.set(record.number, first.label);
    const given = record.status === 'labelled' ? labelsOf(record.answer) : undefined;
    for (const { label, index } of speaking) {
      const rule = this.#report.rules[index];
      if (rule === undefined) continue;
      rule.covered++;
      if (conflicting) rule.conflicting++;
      if (given === undefined) continue;
      rule.labelled++;
      if (given.includes(label)) rule.right++;
    }
  }
}
