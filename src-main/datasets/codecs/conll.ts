import { type Problem, TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import type { FieldValue, Fields } from '../../contract/datasets.ts';
import { joinWords } from '../../contract/taggedWords.ts';
import { type FileSource, maximumLineBytes } from '../source.ts';
import { spansOfMarkedTags } from '../spans.ts';
import { type Codec, type Layout, type RawRow, plainLayout } from './codec.ts';
import { encodingIn, encodingOf, readLines } from './lines.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;
const longestSentence = 10_000;

/** Columns between token and tag, as CoNLL-2003 has part of speech and chunk. */
const middleColumn = (index: number): string => `column${index + 1}`;

function fieldsOf(tokens: readonly string[], rows: readonly (readonly string[])[]): Fields {
  const width = rows[0]?.length ?? 2;
  const tags = rows.map((row) => row.at(-1) ?? 'O');
  const middle = Array.from({ length: Math.max(0, width - 2) }, (_, index): [string, FieldValue] => [
    middleColumn(index + 1),
    rows.map((row) => row[index + 1] ?? ''),
  ]);
  const { text, words } = joinWords(tokens);
  return {
    text,
    spans: spansOfMarkedTags(words, tags).map(({ start, end, label }) => ({ start, end, label })),
    tokens,
    ...Object.fromEntries(middle),
    tags,
  };
}

async function* readRows(source: FileSource, layout: Layout): AsyncGenerator<RawRow> {
  let rows: string[][] = [];
  let firstLine = 1;
  let problem: Problem | undefined;
  function* finish(): Generator<RawRow> {
    if (problem !== undefined) yield { line: firstLine, problem };
    else if (rows.length > 0)
      yield {
        line: firstLine,
        fields: fieldsOf(
          rows.map(([token]) => token ?? ''),
          rows,
        ),
      };
    rows = [];
    problem = undefined;
  }
  for await (const { number: line, text } of readLines(source, encodingIn(layout))) {
    if (text === undefined) {
      problem ??= describeProblem('datasets.lineTooLong', { line, limitMegabytes });
      continue;
    }
    if (text.trim() === '') {
      yield* finish();
      continue;
    }
    if (text.startsWith('-DOCSTART-') || (rows.length === 0 && /^#\s/.test(text))) continue;
    if (rows.length === 0) firstLine = line;
    const cells = text.includes('\t') ? text.trimEnd().split('\t') : text.trim().split(/\s+/);
    const expected = rows[0]?.length ?? Math.max(2, cells.length);
    if (cells.length !== expected) {
      problem ??= describeProblem('datasets.fieldCount', { line, found: cells.length, expected });
    } else if (rows.length >= longestSentence) {
      problem ??= describeProblem('datasets.sentenceTooLong', { line: firstLine, limit: longestSentence });
    } else rows.push(cells);
  }
  yield* finish();
}

/**
 * CoNLL: a token per line with its tag in the last column, a blank line after each sentence. A row has the tokens joined
 * by spaces, the spans its tags mean, and every column as it was.
 */
export const conllCodec: Codec = {
  format: 'conll',
  extensions: ['.conll', '.bio', '.iob', '.iob2', '.iobes'],
  async detectLayout(source, options) {
    const empty = plainLayout('conll', await encodingOf(source, options.encoding), []);
    for await (const row of readRows(source, empty)) {
      if (row.problem === undefined) return { ...empty, columns: Object.keys(row.fields) };
      return { ...empty, columns: ['text', 'spans', 'tokens', 'tags'] };
    }
    throw new TunebenchError('datasets.emptyFile', { file: source.name });
  },
  readRows,
};
