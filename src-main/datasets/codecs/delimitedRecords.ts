import { CsvError, type Info, type Parser, parse } from 'csv-parse';
import { TunebenchError } from '../../contract/errors/index.ts';
import { maximumLineBytes } from '../source.ts';
import type { TextBlock } from '../textBlocks.ts';
import type { Layout } from './codec.ts';
import { type LineTracker, createLineTracker } from './lineTracker.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;

interface ParsedRecord {
  readonly record: string[];
  readonly info: Info;
}

function toError(error: unknown, file: string, tracker: LineTracker): unknown {
  if (!(error instanceof CsvError)) return error;
  // Bytes up to the end of the last record that was read.
  const finished = error['bytes'];
  const line = typeof finished === 'number' ? tracker.lineOfTextAfter(finished) : '?';
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new TunebenchError('datasets.unclosedQuote', { file, line }, { cause: error });
  }
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new TunebenchError('datasets.lineTooLong', { line, limitMegabytes }, { cause: error });
  }
  return error;
}

/** Resolves when the parser takes more, or will never. */
function readyForMore(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      parser.off('drain', done);
      parser.off('close', done);
      resolve();
    };
    parser.on('drain', done);
    parser.on('close', done);
  });
}

/** Hands the blocks to the parser as fast as it takes them. Never rejects: failures reach the reader by the parser. */
async function feed(
  parser: Parser,
  blocks: AsyncIterable<TextBlock>,
  onBlock: (block: TextBlock) => void,
): Promise<void> {
  try {
    for await (const block of blocks) {
      if (parser.destroyed) return;
      onBlock(block);
      if (block.bytes.byteLength > 0 && !parser.write(block.bytes)) await readyForMore(parser);
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/**
 * Records of a delimited text with the line each begins in, header included; without fields where a line of it was
 * too long.
 */
export async function* readRecords(
  blocks: AsyncIterable<TextBlock>,
  layout: Pick<Layout, 'delimiter' | 'quote' | 'oldLineEnds'>,
  file: string,
): AsyncGenerator<{ line: number; fields: string[] | undefined }> {
  const tooLong: number[] = [];
  const tracker = createLineTracker(layout.oldLineEnds ? 0x0d : 0x0a);
  function onBlock(block: TextBlock): void {
    tooLong.push(...block.tooLong);
    tracker.add(block.bytes);
  }
  const parser = parse({
    delimiter: layout.delimiter ?? ',',
    quote: layout.quote ?? false,
    escape: layout.quote ?? false,
    record_delimiter: layout.oldLineEnds ? '\r' : ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maximumLineBytes,
    info: true,
  });
  const feeding = feed(parser, blocks, onBlock);
  const records: AsyncIterable<ParsedRecord> = parser;
  let finishedBytes = 0;
  try {
    for await (const { record, info } of records) {
      const start = tracker.lineOfTextAfter(finishedBytes);
      finishedBytes = info.bytes;
      const end = tooLong.length === 0 ? start : tracker.lineAt(finishedBytes - 1);
      let spoiled = false;
      for (let line = tooLong[0]; line !== undefined && line <= end; line = tooLong[0]) {
        tooLong.shift();
        if (line >= start) spoiled = true;
        else yield { line, fields: undefined };
      }
      yield { line: start, fields: spoiled ? undefined : record };
    }
  } catch (error) {
    throw toError(error, file, tracker);
  } finally {
    parser.destroy();
    await feeding;
  }
  for (const line of tooLong) yield { line, fields: undefined };
}
