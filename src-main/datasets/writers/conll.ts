import { type FieldValue, type Fields, textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import {
  type LabelledStretch,
  joinWords,
  outside,
  tagsOfSpans,
  wordsOf,
} from '../../contract/taggedWords.ts';
import { spansOfMarkedTags } from '../spans.ts';
import { isList, isObject } from '../values.ts';
import { textColumns } from './text.ts';
import { type WriteRequest, type Writer, encodePieces } from './writer.ts';

/** A list that a file of text holds as its JSON. */
function listOf(value: FieldValue | undefined): readonly FieldValue[] | undefined {
  if (isList(value)) return value;
  if (typeof value !== 'string' || !value.startsWith('[')) return undefined;
  try {
    const parsed: FieldValue = JSON.parse(value);
    return isList(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The spans of a row; places may be called `start` and `end`, or `startIndex` and `endIndex`, which begins at 0 where it is missing. */
function readSpans(value: FieldValue | undefined): LabelledStretch[] | undefined {
  const list = listOf(value);
  if (list === undefined) return undefined;
  const spans: LabelledStretch[] = [];
  for (const item of list) {
    if (!isObject(item)) return undefined;
    const place = isObject(item['valueSpan']) ? item['valueSpan'] : item;
    const start = place['start'] ?? place['startIndex'] ?? 0;
    const end = place['end'] ?? place['endIndex'];
    const label = item['label'] ?? item['slot'];
    if (typeof start !== 'number' || typeof end !== 'number' || label === undefined) return undefined;
    spans.push({ start, end, label: textOf(label) });
  }
  return spans;
}

const sameSpans = (one: readonly LabelledStretch[], other: readonly LabelledStretch[]): boolean =>
  one.length === other.length &&
  one.every(({ start, end, label }, index) => {
    const twin = other[index];
    return twin?.start === start && twin.end === end && twin.label === label;
  });

/** A token and its tags hold no blanks. */
const cell = (text: string): string => text.replace(/\s+/g, '_') || '_';

/** The lines of a sentence: as they were read where text and spans still say the same, else tokenised anew as BIO. */
function sentence(fields: Fields, textColumn: string, middle: readonly string[]): string[] {
  const text = textOf(fields[textColumn]);
  const tokens = listOf(fields['tokens'])?.map(textOf);
  const tags = listOf(fields['tags'])?.map(textOf);
  const spans = readSpans(fields['spans']) ?? readSpans(fields['labels']);
  const joined = tokens && joinWords(tokens);
  if (tokens !== undefined && joined?.text === text) {
    const unchanged =
      tags !== undefined && (spans === undefined || sameSpans(spansOfMarkedTags(joined.words, tags), spans));
    const written = unchanged ? tags : tagsOfSpans(joined.words, spans ?? []);
    const columns = middle.map((name) => listOf(fields[name])?.map(textOf) ?? []);
    return tokens.map((token, index) =>
      [token, ...columns.map((values) => values[index] ?? '_'), written[index] ?? outside]
        .map(cell)
        .join(' '),
    );
  }
  const words = wordsOf(text);
  const written = tagsOfSpans(words, spans ?? []);
  return words.map(({ start, end }, index) =>
    [text.slice(start, end), ...middle.map(() => '_'), written[index] ?? outside].map(cell).join(' '),
  );
}

function* lines(request: WriteRequest): Generator<string> {
  const [textColumn] = textColumns(request, 'conll');
  if (
    textColumn === undefined ||
    !['spans', 'labels', 'tags'].some((name) => request.columns.includes(name))
  ) {
    throw new TunebenchError('datasets.exportNeedsColumn', { format: 'conll', role: 'spans' });
  }
  const middle = request.columns.filter((name) => /^column\d+$/.test(name));
  for (const { fields } of request.records()) {
    const written = sentence(fields, textColumn, request.columns.includes('tokens') ? middle : []);
    if (written.length > 0) yield `${written.join('\n')}\n\n`;
  }
}

export const conllWriter: Writer = {
  format: 'conll',
  extension: '.conll',
  write: (request) => encodePieces(lines(request)),
};
