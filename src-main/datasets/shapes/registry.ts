import { type Fields, type RecordShape, recordShapeSchema } from '../../contract/datasets.ts';
import { alpacaShape } from './alpaca.ts';
import { messagesShape, shareGptShape } from './conversation.ts';
import { preferenceShape } from './preference.ts';
import type { Shape } from './shape.ts';

/** Columns that mean what their mapping says. */
const plainShape: Shape = {
  recognizes: () => true,
  addColumns: (columns) => [...columns],
  expand: (fields) => fields,
  collapse: (fields) => fields,
};

/** Every layout of rows; a new one is a file and a line. */
export const shapes: Readonly<Record<RecordShape, Shape>> = {
  preference: preferenceShape,
  messages: messagesShape,
  shareGpt: shareGptShape,
  alpaca: alpacaShape,
  plain: plainShape,
};
const recognitionOrder: readonly RecordShape[] = ['preference', 'messages', 'shareGpt', 'alpaca', 'plain'];

/** The layout of rows with these columns. */
export async function detectShape(
  columns: readonly string[],
  rows: AsyncIterable<Fields>,
): Promise<RecordShape> {
  const sample: Fields[] = [];
  for await (const fields of rows) sample.push(fields);
  return (
    recognitionOrder.find((shape) => shapes[shape].recognizes(columns, sample)) ??
    recordShapeSchema.enum.plain
  );
}
