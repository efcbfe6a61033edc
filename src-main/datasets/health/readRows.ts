import { type ColumnMapping, type Fields, type ReadOptions, textOf } from '../../contract/datasets.ts';
import { type Problem, errorFromProblems } from '../../contract/errors/index.ts';
import type { RowReference } from '../../contract/health.ts';
import type { ColumnRole } from '../../contract/methods.ts';
import { detectLayout, readRows } from '../layout.ts';
import { checkMapping } from '../mapping.ts';
import { createRowCheck } from '../rowChecks.ts';
import type { DatasetSource } from '../source.ts';
import { type HealthRow, originFacts } from './material.ts';

/** The parts a model reads, in the order it does. */
const textRoles: readonly ColumnRole[] = [
  'text',
  'textPair',
  'question',
  'context',
  'prompt',
  'completion',
  'chosen',
  'rejected',
];

/** What a model reads of a row, in one text: its texts, or its question and answer. */
export function textOfRow(fields: Fields, { roles }: ColumnMapping): string {
  const named = textRoles.flatMap((role) => roles[role] ?? []);
  const columns = named.length === 0 && roles.messages !== undefined ? [roles.messages] : named;
  return [...new Set(columns)].map((column) => textOf(fields[column])).join('\n');
}

export function labelOfRow(fields: Fields, { roles }: ColumnMapping): string | undefined {
  return roles.label === undefined ? undefined : textOf(fields[roles.label]);
}

/**
 * The rows of files that need not be imported. Rows whose split nothing decides count as training rows.
 * @throws TunebenchError where the mapping does not fit the files
 */
export async function readHealthRows(
  sources: readonly DatasetSource[],
  options: ReadOptions,
  mapping: ColumnMapping,
  onRow: (rowsRead: number) => Promise<void> | void,
): Promise<{ rows: HealthRow[]; problems: (RowReference & { problem: Problem })[] }> {
  const rows: HealthRow[] = [];
  const problems: (RowReference & { problem: Problem })[] = [];
  let rowsRead = 0;
  for (const source of sources) {
    const layout = await detectLayout(source, options);
    const wrong = checkMapping(mapping, layout.columns, source.name);
    if (wrong.length > 0) throw errorFromProblems(wrong);
    const check = createRowCheck(mapping, source.split);
    const file = sources.length > 1 ? { file: source.name } : {};
    for await (const raw of readRows(source, layout)) {
      const verdict = check(raw);
      if ('problem' in verdict) problems.push({ row: verdict.line, ...file, problem: verdict.problem });
      else {
        const { fields, split = 'train' } = verdict.row;
        const text = textOfRow(fields, mapping);
        const label = labelOfRow(fields, mapping);
        rows.push({ row: raw.line, ...file, text, label, split, ...originFacts(fields) });
      }
      rowsRead++;
      if (rowsRead % 1000 === 0) await onRow(rowsRead);
    }
  }
  return { rows, problems };
}
