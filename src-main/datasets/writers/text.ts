import { type Fields, textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type WriteRequest, type Writer, encodePieces } from './writer.ts';

/** The one text of a row: its text, or prompt and completion after each other. */
export function textColumns({ roles, columns }: WriteRequest, format: string): string[] {
  const named = roles.text === undefined ? [roles.prompt, roles.completion] : [roles.text];
  const found = named.filter((name) => name !== undefined);
  const fallback = columns.includes('text') ? ['text'] : [];
  const chosen = found.length > 0 ? found : fallback;
  if (chosen.length === 0) throw new TunebenchError('datasets.exportNeedsColumn', { format, role: 'text' });
  return chosen;
}

export function joinTexts(fields: Fields, columns: readonly string[]): string {
  return columns.map((name) => textOf(fields[name])).join(' ');
}

/** Line ends of a text as spaces: its format has a row per line. */
export function inOneLine(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ').trim();
}

function* lineTexts(request: WriteRequest): Generator<string> {
  const columns = textColumns(request, 'text');
  for (const { fields } of request.records()) yield `${inOneLine(joinTexts(fields, columns))}\n`;
}

function* paragraphTexts(request: WriteRequest): Generator<string> {
  const columns = textColumns(request, 'paragraphs');
  let separator = '';
  for (const { fields } of request.records()) {
    // A blank line inside a text would end its paragraph.
    yield `${separator}${joinTexts(fields, columns)
      .replace(/\r\n?/g, '\n')
      .replace(/\n\s*\n/g, '\n')
      .trim()}\n`;
    separator = '\n';
  }
}

export const textWriter: Writer = {
  format: 'text',
  extension: '.txt',
  write: (request) => encodePieces(lineTexts(request)),
};
export const paragraphsWriter: Writer = {
  format: 'paragraphs',
  extension: '.txt',
  write: (request) => encodePieces(paragraphTexts(request)),
};
