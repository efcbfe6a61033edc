import { TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import { type Encoding, byteOrderMarkLength, createDecoder } from '../encoding.ts';
import { type FileSource, maximumLineBytes } from '../source.ts';
import { type Codec, type Layout, type RawRow, plainLayout } from './codec.ts';
import { ElementCutter, type JsonElement, findContainer } from './jsonElements.ts';
import { readJsonRow } from './jsonRow.ts';
import { sampleColumns } from './jsonl.ts';
import { encodingIn, encodingOf } from './lines.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;
/** Characters at the start of a document in which its list of rows must begin. */
const startLength = 1 << 16;

/** The text of a file in pieces, wherever its lines end. */
export async function* readText(source: FileSource, encoding: Encoding): AsyncGenerator<string> {
  const decoder = createDecoder(encoding);
  let line = 1;
  let atStart = true;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new TunebenchError('datasets.undecodable', { file: source.name, line, encoding });
    }
  };
  for await (const chunk of source.open()) {
    const text = decode(atStart ? chunk.subarray(byteOrderMarkLength(chunk, encoding)) : chunk);
    if (chunk.byteLength > 0) atStart = false;
    if (text === '') continue;
    yield text;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) line++;
  }
  yield decode();
}

/** The values of the document's list of rows. */
async function* readElements(source: FileSource, encoding: Encoding): AsyncGenerator<JsonElement> {
  const file = source.name;
  const texts = readText(source, encoding);
  let start = '';
  while (start.length < startLength) {
    const { value, done } = await texts.next();
    if (done === true) break;
    start += value;
  }
  const found = findContainer(start);
  if (found === undefined) {
    throw new TunebenchError(start.trim() === '' ? 'datasets.emptyFile' : 'datasets.noJsonRows', { file });
  }
  const cutter = new ElementCutter(found.container, start.slice(0, found.offset).split('\n').length);
  yield* cutter.push(start.slice(found.offset));
  for await (const text of texts) yield* cutter.push(text);
  yield* cutter.end();
}

async function* readRows(source: FileSource, layout: Layout): AsyncGenerator<RawRow> {
  for await (const { line, text } of readElements(source, encodingIn(layout))) {
    if (text === undefined) {
      yield { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) };
    } else yield readJsonRow(line, text);
  }
}

/**
 * A JSON document: a list of objects, an object with such a list under a usual name, or objects one after the other
 * over several lines.
 */
export const jsonCodec: Codec = {
  format: 'json',
  extensions: ['.json'],
  async detectLayout(source, options) {
    const empty = plainLayout('json', await encodingOf(source, options.encoding), []);
    return { ...empty, columns: await sampleColumns(readRows(source, empty), source.name) };
  },
  readRows,
};
