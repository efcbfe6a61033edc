import { TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import type { FieldValue } from '../../contract/datasets.ts';
import { type FileSource, maximumLineBytes } from '../source.ts';
import { type Codec, type Layout, type RawRow, plainLayout } from './codec.ts';
import { encodingIn, encodingOf, readLines } from './lines.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;
const prefix = '__label__';

/** The labels in front of a line and the text behind them. */
function splitLabels(line: string): { labels: string[]; text: string } {
  const labels: string[] = [];
  let rest = line.trim();
  while (rest.startsWith(prefix)) {
    const end = rest.search(/\s/);
    labels.push(rest.slice(prefix.length, end < 0 ? undefined : end));
    rest = end < 0 ? '' : rest.slice(end).trimStart();
  }
  return { labels, text: rest };
}

async function* readRows(source: FileSource, layout: Layout): AsyncGenerator<RawRow> {
  for await (const { number: line, text: raw } of readLines(source, encodingIn(layout))) {
    if (raw === undefined) {
      yield { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) };
      continue;
    }
    if (raw.trim() === '') continue;
    const { labels, text } = splitLabels(raw);
    const label: FieldValue = labels.length > 1 ? labels : (labels[0] ?? '');
    yield { line, fields: { text, label } };
  }
}

/** fastText's format for supervised learning. Several labels of a line become a list. */
export const fastTextCodec: Codec = {
  format: 'fasttext',
  extensions: ['.ft', '.fasttext'],
  async detectLayout(source, options) {
    const encoding = await encodingOf(source, options.encoding);
    const layout = plainLayout('fasttext', encoding, ['text', 'label']);
    for await (const row of readRows(source, layout)) if (row) return layout;
    throw new TunebenchError('datasets.emptyFile', { file: source.name });
  },
  readRows,
};
