import { TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import { type FileSource, maximumColumns, maximumLineBytes } from '../source.ts';
import { type Codec, type Layout, type RawRow, plainLayout } from './codec.ts';
import { readJsonRow } from './jsonRow.ts';
import { encodingIn, encodingOf, readLines } from './lines.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;
const sampleRows = 1000;

async function* readRows(source: FileSource, layout: Layout): AsyncGenerator<RawRow> {
  for await (const { number: line, text } of readLines(source, encodingIn(layout))) {
    if (text === undefined) {
      yield { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) };
    } else if (text.trim() !== '') yield readJsonRow(line, text);
  }
}

/** The columns of the first rows, in first-seen order. */
export async function sampleColumns(rows: AsyncIterable<RawRow>, file: string): Promise<string[]> {
  const columns = new Set<string>();
  let seen = 0;
  for await (const row of rows) {
    seen++;
    if (row.problem === undefined) for (const name of Object.keys(row.fields)) columns.add(name);
    if (columns.size > maximumColumns) {
      throw new TunebenchError('datasets.tooManyColumns', { file, limit: maximumColumns });
    }
    if (seen >= sampleRows) break;
  }
  if (seen === 0) throw new TunebenchError('datasets.emptyFile', { file });
  return [...columns];
}

/** JSON lines: one object per line. Blank lines are skipped. */
export const jsonlCodec: Codec = {
  format: 'jsonl',
  extensions: ['.jsonl', '.ndjson'],
  async detectLayout(source, options) {
    const empty = plainLayout('jsonl', await encodingOf(source, options.encoding), []);
    return { ...empty, columns: await sampleColumns(readRows(source, empty), source.name) };
  },
  readRows,
};
