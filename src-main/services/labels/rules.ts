import { type LabelRule, type LabellingColumns, type RuleReport, labelsOf } from '../../contract/labels.ts';
import { textOf } from '../../contract/datasets.ts';
import { boundedExpression, textsPerTrial } from '../../platform/index.ts';
import type { StoredRecord } from '../../store/store.ts';

/**
 * For each text, whether a rule speaks about it.
 * @throws TunebenchError `labels.badExpression`; when used, `labels.slowExpression`
 */
function compile({ form, pattern }: LabelRule): (texts: readonly string[]) => boolean[] {
  if (form === 'expression') return boundedExpression(pattern);
  const wanted = pattern.toLowerCase();
  return (texts) => texts.map((text) => text.toLowerCase().includes(wanted));
}

export interface RuleTrial {
  readonly report: RuleReport;
  /** The one label that every rule that speaks about a record agrees on, by number. */
  readonly suggestions: ReadonlyMap<number, string>;
}

/**
 * Finds out what rules say about records, leaving room for other work between two pieces.
 * @throws TunebenchError `labels.badExpression`, `labels.slowExpression`
 */
export async function tryRules(
  rules: readonly LabelRule[],
  columns: LabellingColumns,
  records: Iterable<StoredRecord>,
): Promise<RuleTrial> {
  const compiled = rules.map((rule) => ({ label: rule.label, speaks: compile(rule) }));
  const suggestions = new Map<number, string>();
  const report: RuleReport = {
    records: 0,
    covered: 0,
    conflicting: 0,
    rules: rules.map(() => ({ covered: 0, conflicting: 0, labelled: 0, right: 0 })),
  };

  function judge(record: StoredRecord, speaking: readonly { label: string; index: number }[]): void {
    report.records++;
    const [first] = speaking;
    if (first === undefined) return;
    const conflicting = speaking.some(({ label }) => label !== first.label);
    report.covered++;
    if (conflicting) report.conflicting++;
    else suggestions.set(record.number, first.label);
    const given = record.status === 'labelled' ? labelsOf(record.answer) : undefined;
    for (const { label, index } of speaking) {
      const rule = report.rules[index];
      if (rule === undefined) continue;
      rule.covered++;
      if (conflicting) rule.conflicting++;
      if (given === undefined) continue;
      rule.labelled++;
      if (given.includes(label)) rule.right++;
    }
  }

  function judgeAll(batch: readonly StoredRecord[]): void {
    const texts = batch.map(({ fields }) =>
      columns.content.map((column) => textOf(fields[column])).join('\n'),
    );
    const found = compiled.map(({ speaks }) => speaks(texts));
    batch.forEach((record, row) => {
      judge(
        record,
        compiled.flatMap(({ label }, index) => (found[index]?.[row] === true ? [{ label, index }] : [])),
      );
    });
  }

  let batch: StoredRecord[] = [];
  for (const record of records) {
    batch.push(record);
    if (batch.length < textsPerTrial) continue;
    judgeAll(batch);
    batch = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  judgeAll(batch);
  return { report, suggestions };
}
