import { type DatasetPreview, type Fields, type ReadOptions, textFields } from '../contract/datasets.ts';
import { describeColumns } from './columnFacts.ts';
import { detectLayout, readRows } from './layout.ts';
import { suggestMapping } from './mapping.ts';
import { createProblemList, createRowCheck } from './rowChecks.ts';
import type { DatasetSource } from './source.ts';

const judgedRows = 1000;

async function readFirstRows(source: DatasetSource, layout: Awaited<ReturnType<typeof detectLayout>>) {
  const rows: Fields[] = [];
  for await (const raw of readRows(source, layout)) {
    if (raw.problem === undefined) rows.push(raw.fields);
    if (rows.length >= judgedRows) break;
  }
  return rows;
}

/**
 * Reads a whole file and says what it is: format, columns, first rows, what the columns seem to be, and the problems of
 * its rows under that reading.
 */
export async function previewDataset(
  source: DatasetSource,
  options: ReadOptions,
  rows: number,
): Promise<DatasetPreview> {
  const layout = await detectLayout(source, options);
  const first = await readFirstRows(source, layout);
  const texts = first.map(textFields);
  const suggestedMapping = suggestMapping(layout.columns, texts);
  const check = createRowCheck(suggestedMapping, source.split);
  const problems = createProblemList();
  let totalRows = 0;
  for await (const raw of readRows(source, layout)) {
    totalRows++;
    const verdict = check(raw);
    if ('problem' in verdict) problems.add(verdict.line, verdict.problem);
  }
  return {
    format: layout.format,
    shape: layout.shape,
    encoding: layout.encoding,
    delimiter: layout.delimiter,
    columns: [...layout.columns],
    schema: describeColumns(layout.columns, first),
    rows: texts
      .slice(0, rows)
      .map((fields) => Object.fromEntries(layout.columns.map((name) => [name, fields[name] ?? '']))),
    totalRows,
    suggestedMapping,
    rowProblems: problems.result,
  };
}
