import type { ColumnMapping, FieldValue, Fields } from '../../contract/datasets.ts';
import { originColumn } from '../../contract/origin.ts';
import { maskPersonalData } from '../health/personalData.ts';
import { repairEncoding } from '../health/repairEncoding.ts';
import { tidyText } from '../health/tidyText.ts';
import type { DatasetRecord } from '../versionHash.ts';
import type { FixPlan, Rewriting } from './planFix.ts';

const rewritings: Readonly<Record<Rewriting, (text: string) => string>> = {
  mask: maskPersonalData,
  repairEncoding,
  tidy: tidyText,
};

function rewriteValue(value: FieldValue, rewrite: (text: string) => string): FieldValue {
  if (typeof value === 'string') return rewrite(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => rewriteValue(item, rewrite));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewriteValue(item, rewrite)]));
}

function isList(value: readonly FieldValue[] | Fields): value is readonly FieldValue[] {
  return Array.isArray(value);
}

/** All texts of a row, also inside lists and objects, but for what says its label, split or origin. */
function rewriteFields(fields: Fields, { roles, splitColumn }: ColumnMapping, how: Rewriting): Fields {
  const kept = new Set([roles.label, splitColumn, originColumn]);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      kept.has(name) ? value : rewriteValue(value, rewritings[how]),
    ]),
  );
}

/** The records as a fix leaves them, in order. */
export function* applyFix(
  records: Iterable<DatasetRecord>,
  plan: FixPlan,
  mapping: ColumnMapping,
): Generator<DatasetRecord> {
  let row = 0;
  for (const record of records) {
    const edit = plan.get(row++);
    switch (edit?.kind) {
      case undefined:
        yield record;
        break;
      case 'remove':
        break;
      case 'move':
        yield { ...record, split: edit.split };
        break;
      case 'relabel':
        yield { ...record, fields: { ...record.fields, [mapping.roles.label ?? 'label']: edit.label } };
        break;
      case 'rewrite':
        yield { ...record, fields: rewriteFields(record.fields, mapping, edit.how) };
        break;
      case 'repeat':
        for (let copy = 0; copy <= edit.copies; copy++) yield record;
        break;
      default:
        edit satisfies never;
    }
  }
}

/** How many rows there are after a fix. */
export function rowsAfter(rows: number, plan: FixPlan): number {
  let after = rows;
  for (const edit of plan.values()) {
    if (edit.kind === 'remove') after--;
    if (edit.kind === 'repeat') after += edit.copies;
  }
  return after;
}
