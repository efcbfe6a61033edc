import { TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import { type FileSource, maximumLineBytes } from '../source.ts';
import { type Codec, type Layout, type RawRow, plainLayout } from './codec.ts';
import { encodingIn, encodingOf, readLines } from './lines.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;

async function* readLineRows(source: FileSource, layout: Layout): AsyncGenerator<RawRow> {
  for await (const { number: line, text } of readLines(source, encodingIn(layout))) {
    if (text === undefined) {
      yield { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) };
    } else if (text.trim() !== '') yield { line, fields: { text } };
  }
}

async function* readParagraphs(source: FileSource, layout: Layout): AsyncGenerator<RawRow> {
  let lines: string[] = [];
  let firstLine = 1;
  let length = 0;
  let tooLong = false;
  function finish(): RawRow {
    const line = firstLine;
    return tooLong
      ? { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) }
      : { line, fields: { text: lines.join('\n') } };
  }
  for await (const { number, text } of readLines(source, encodingIn(layout))) {
    const blank = text !== undefined && text.trim() === '';
    if (blank) {
      if (lines.length > 0 || tooLong) yield finish();
      lines = [];
      length = 0;
      tooLong = false;
      continue;
    }
    if (lines.length === 0 && !tooLong) firstLine = number;
    length += text?.length ?? maximumLineBytes + 1;
    tooLong ||= length > maximumLineBytes;
    if (tooLong) lines = [];
    else lines.push(text ?? '');
  }
  if (lines.length > 0 || tooLong) yield finish();
}

function createTextCodec(format: 'text' | 'paragraphs', readRows: Codec['readRows']): Codec {
  return {
    format,
    extensions: [],
    async detectLayout(source, options) {
      const layout = plainLayout(format, await encodingOf(source, options.encoding), ['text']);
      for await (const row of readRows(source, layout)) if (row) return layout;
      throw new TunebenchError('datasets.emptyFile', { file: source.name });
    },
    readRows,
  };
}

/** Plain text: a row per line that is not blank. */
export const textCodec = createTextCodec('text', readLineRows);
/** Plain text: a row per paragraph, its lines kept. */
export const paragraphsCodec = createTextCodec('paragraphs', readParagraphs);
