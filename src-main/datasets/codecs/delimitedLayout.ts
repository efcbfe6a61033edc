import type { ReadOptions } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { concatBytes } from '../bytes.ts';
import { detectDelimiter, hasQuotedFields, looksLikeHeader } from '../delimiters.ts';
import type { Encoding } from '../encoding.ts';
import { type FileSource, maximumColumns } from '../source.ts';
import { type TextBlock, readTextBlocks } from '../textBlocks.ts';
import type { Layout } from './codec.ts';
import { readRecords } from './delimitedRecords.ts';
import { encodingOf } from './lines.ts';

const sampleBytes = 512 * 1024;
const sampleRecords = 1000;

export interface Sample {
  readonly blocks: readonly TextBlock[];
  readonly text: string;
  /** The sample is the whole file. */
  readonly whole: boolean;
}

/** The start of a text file. */
export async function readSample(source: FileSource, encoding: Encoding): Promise<Sample> {
  const blocks: TextBlock[] = [];
  let length = 0;
  let whole = true;
  for await (const block of readTextBlocks(source, encoding)) {
    blocks.push(block);
    length += block.bytes.byteLength;
    if (length >= sampleBytes) {
      whole = false;
      break;
    }
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    concatBytes(blocks.map(({ bytes }) => bytes)),
  );
  return { blocks, text, whole };
}

async function* inSequence(blocks: readonly TextBlock[]): AsyncGenerator<TextBlock> {
  yield* blocks;
}

type Reading = Pick<Layout, 'delimiter' | 'quote' | 'oldLineEnds'>;

async function firstRecords(
  blocks: readonly TextBlock[],
  reading: Reading,
  file: string,
): Promise<string[][]> {
  const records: string[][] = [];
  for await (const { fields } of readRecords(inSequence(blocks), reading, file)) {
    if (fields !== undefined) records.push(fields);
    if (records.length >= sampleRecords) break;
  }
  return records;
}

/** The lines of a sample before line `line`, as one block. */
function linesBefore(sample: Sample, line: number): TextBlock {
  const bytes = concatBytes(sample.blocks.map((block) => block.bytes));
  let end = 0;
  for (let current = 1; current < line; current++) end = bytes.indexOf(0x0a, end) + 1;
  return { bytes: bytes.subarray(0, end), firstLine: 1, tooLong: [] };
}

/** The first records of the sample; where it ends inside a quoted field, those before. */
async function sampleFields(sample: Sample, reading: Reading, file: string): Promise<string[][]> {
  try {
    return await firstRecords(sample.blocks, reading, file);
  } catch (error) {
    if (sample.whole || !(error instanceof TunebenchError) || error.code !== 'datasets.unclosedQuote')
      throw error;
    return firstRecords([linesBefore(sample, Number(error.params['line']))], reading, file);
  }
}

/** The names in a header: trimmed, numbered where there is none. */
export function headerNames(first: readonly string[], file: string): string[] {
  const names = first.map((name, index) => {
    const trimmed = name.trim();
    return trimmed === '' || trimmed === '__proto__' ? `column${index + 1}` : trimmed;
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TunebenchError('datasets.duplicateColumn', { file, column: twice });
  return names;
}

/** How a table of text is laid out: delimiter, quoting, header, columns. */
export async function detectDelimitedLayout(
  source: FileSource,
  options: ReadOptions,
  format: 'csv' | 'tsv',
): Promise<Layout> {
  const file = source.name;
  const encoding = await encodingOf(source, options.encoding);
  const sample = await readSample(source, encoding);
  const delimiter = options.delimiter ?? (format === 'tsv' ? '\t' : detectDelimiter(sample.text));
  const oldLineEnds = !sample.text.includes('\n') && sample.text.includes('\r');
  // Text with tabs is often written without any quoting, and a stray quotation mark would swallow rows.
  const quote = delimiter !== '\t' || hasQuotedFields(sample.text, delimiter) ? '"' : null;
  const guarded = options.guarded ?? false;
  const reading = { format, encoding, delimiter, quote, oldLineEnds, guarded };
  const records = await sampleFields(sample, reading, file);
  const first = records[0];
  if (first === undefined) throw new TunebenchError('datasets.emptyFile', { file });
  if (first.length > maximumColumns) {
    throw new TunebenchError('datasets.tooManyColumns', { file, limit: maximumColumns });
  }
  if (options.columns !== undefined) {
    const columns = headerNames(options.columns, file);
    if (columns.length !== first.length) {
      throw new TunebenchError('datasets.columnCount', { file, given: columns.length, found: first.length });
    }
    // Names given for a file that has them anyway are no row.
    return { ...reading, hasHeader: first.every((name, index) => name.trim() === columns[index]), columns };
  }
  if (looksLikeHeader(records)) return { ...reading, hasHeader: true, columns: headerNames(first, file) };
  return { ...reading, hasHeader: false, columns: first.map((_, index) => `column${index + 1}`) };
}
