import { type FieldValue, textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { isList } from '../values.ts';
import { inOneLine, joinTexts, textColumns } from './text.ts';
import { type WriteRequest, type Writer, encodePieces } from './writer.ts';

/** A label as fastText takes it: a blank would end it. */
function writeLabel(value: FieldValue): string {
  return `__label__${textOf(value).trim().replace(/\s+/g, '_')} `;
}

function* lines(request: WriteRequest): Generator<string> {
  const label = request.roles.label ?? (request.columns.includes('label') ? 'label' : undefined);
  if (label === undefined) {
    throw new TunebenchError('datasets.exportNeedsColumn', { format: 'fasttext', role: 'label' });
  }
  const columns = textColumns(request, 'fasttext');
  for (const { fields } of request.records()) {
    const value = fields[label] ?? '';
    const labels = isList(value) ? value : [value];
    const front = labels
      .filter((name) => textOf(name).trim() !== '')
      .map(writeLabel)
      .join('');
    yield `${front}${inOneLine(joinTexts(fields, columns))}\n`;
  }
}

export const fastTextWriter: Writer = {
  format: 'fasttext',
  extension: '.txt',
  write: (request) => encodePieces(lines(request)),
};
