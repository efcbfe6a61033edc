import { TunebenchError } from '../contract/errors/index.ts';
import { concatBytes } from './bytes.ts';
import type { FileFormat, ReadOptions } from '../contract/datasets.ts';
import { type RawRow, type Layout } from './codecs/codec.ts';
import { readRecords } from './codecs/delimited.ts';
import { jsonlCodec } from './codecs/jsonl.ts';
import { codecs } from './codecs/registry.ts';
import { type Encoding, detectEncoding } from './encoding.ts';
import { detectDelimiter, hasQuotedFields, looksLikeHeader } from './delimiters.ts';
import { type DatasetSource, maximumColumns } from './source.ts';
import { type TextBlock, readTextBlocks } from './textBlocks.ts';

/** How to read a file, with a sample of its rows. */
export interface FileLayout extends Layout {
  readonly encoding: Encoding;
}

const sampleBytes = 512 * 1024;
const sampleRecords = 1000;

interface Sample {
  readonly blocks: readonly TextBlock[];
  readonly text: string;
  /** The sample is the whole file. */
  readonly whole: boolean;
}

async function readSample(source: DatasetSource, encoding: Encoding): Promise<Sample> {
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

function detectFormat(source: DatasetSource, sample: Sample): FileFormat {
  const name = source.name.toLowerCase();
  const known = Object.values(codecs).find(({ extensions }) => extensions.some((end) => name.endsWith(end)));
  if (known) return known.format;
  return sample.text.trimStart().startsWith('{') ? 'jsonl' : 'csv';
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

function headerNames(first: readonly string[], file: string): string[] {
  const names = first.map((name, index) => {
    const trimmed = name.trim();
    return trimmed === '' || trimmed === '__proto__' ? `column${index + 1}` : trimmed;
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TunebenchError('datasets.duplicateColumn', { file, column: twice });
  return names;
}

async function layOutDelimited(
  source: DatasetSource,
  options: ReadOptions,
  format: 'csv' | 'tsv',
  encoding: Encoding,
  sample: Sample,
): Promise<FileLayout> {
  const file = source.name;
  const delimiter = options.delimiter ?? (format === 'tsv' ? '\t' : detectDelimiter(sample.text));
  const oldLineEnds = !sample.text.includes('\n') && sample.text.includes('\r');
  // Text with tabs is often written without any quoting, and a stray quotation mark would swallow rows.
  const quote = delimiter !== '\t' || hasQuotedFields(sample.text, delimiter) ? '"' : null;
  const reading = { format, encoding, delimiter, quote, oldLineEnds };
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

async function layOutJsonLines(
  source: DatasetSource,
  encoding: Encoding,
  sample: Sample,
): Promise<FileLayout> {
  const file = source.name;
  const layout: FileLayout = {
    format: 'jsonl',
    encoding,
    delimiter: null,
    quote: null,
    oldLineEnds: false,
    hasHeader: false,
    columns: [],
  };
  const columns = new Set<string>();
  const rows: RawRow[] = [];
  for await (const row of jsonlCodec.readRows(inSequence(sample.blocks), layout, file)) {
    rows.push(row);
    if (row.problem === undefined) for (const name of Object.keys(row.fields)) columns.add(name);
  }
  if (rows.length === 0) throw new TunebenchError('datasets.emptyFile', { file });
  // A pretty-printed document or an array: no line of it is an object.
  const start = sample.text.trimStart()[0];
  if (columns.size === 0 && (start === '[' || (start === '{' && rows[0]?.problem))) {
    throw new TunebenchError('datasets.jsonArray', { file });
  }
  if (columns.size > maximumColumns) {
    throw new TunebenchError('datasets.tooManyColumns', { file, limit: maximumColumns });
  }
  return { ...layout, columns: [...columns] };
}

/**
 * Finds out how a file is to be read: encoding, format, delimiter, header, columns. What the options say is taken as
 * it is.
 */
export async function detectLayout(source: DatasetSource, options: ReadOptions): Promise<FileLayout> {
  const encoding = options.encoding ?? (await detectEncoding(source));
  const sample = await readSample(source, encoding);
  const format = options.format ?? detectFormat(source, sample);
  return format === 'jsonl'
    ? layOutJsonLines(source, encoding, sample)
    : layOutDelimited(source, options, format, encoding, sample);
}

/** The rows of a file, read as `layout` says, in constant memory. */
export function readRows(source: DatasetSource, layout: FileLayout): AsyncIterable<RawRow> {
  return codecs[layout.format].readRows(readTextBlocks(source, layout.encoding), layout, source.name);
}
