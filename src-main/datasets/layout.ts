import type { FileFormat, ReadOptions, RecordShape } from '../contract/datasets.ts';
import { TunebenchError, describeProblem } from '../contract/errors/index.ts';
import type { Layout, RawRow } from './codecs/codec.ts';
import { readSample } from './codecs/delimitedLayout.ts';
import { folderCodec } from './codecs/folder.ts';
import { fileCodecs } from './codecs/registry.ts';
import { detectDelimiter, looksDelimited } from './delimiters.ts';
import { detectEncoding, readFirstBytes } from './encoding.ts';
import { detectShape, shapes } from './shapes/registry.ts';
import type { DatasetSource, FileSource } from './source.ts';

/** How to read a file, with what its columns mean together. */
export interface FileLayout extends Layout {
  readonly shape: RecordShape;
  /** The columns of the file itself; `columns` also has those made from them. */
  readonly fileColumns: readonly string[];
}
type SingleFileFormat = keyof typeof fileCodecs;

const shapeSampleRows = 100;
const judgedLines = 20;

/** By the bytes every file of the format begins with. */
function formatOfStart(bytes: Uint8Array): SingleFileFormat | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start === 'PAR1') return 'parquet';
  return start === 'PK\x03\x04' ? 'xlsx' : undefined;
}

function looksLikeOneObject(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** JSON lines or one JSON document: among the first lines of the one, some are whole objects. */
function jsonFormat(text: string): SingleFileFormat | undefined {
  const trimmed = text.trimStart();
  if (trimmed.startsWith('[')) return 'json';
  if (!trimmed.startsWith('{')) return undefined;
  const lines = trimmed.split('\n', judgedLines).map((line) => line.trim());
  return lines.some((line) => line.startsWith('{') && looksLikeOneObject(line)) ? 'jsonl' : 'json';
}

/** For names that promise nothing but text. */
function textFormat(text: string): SingleFileFormat {
  if (/^\s*__label__\S+\s/.test(text)) return 'fasttext';
  if (looksDelimited(text, detectDelimiter(text))) return 'csv';
  return /\S\r?\n[ \t]*\r?\n\s*\S/.test(text) ? 'paragraphs' : 'text';
}

async function detectFormat(source: FileSource, options: ReadOptions): Promise<SingleFileFormat> {
  const binary = formatOfStart(await readFirstBytes(source));
  if (binary !== undefined) return binary;
  const name = source.name.toLowerCase();
  const known = Object.values(fileCodecs).find(({ extensions }) =>
    extensions.some((end) => name.endsWith(end)),
  );
  const isJson = name.endsWith('.json');
  if (known !== undefined && !isJson && known.format !== 'folder') return known.format;
  const { text } = await readSample(source, options.encoding ?? (await detectEncoding(source)));
  const json = jsonFormat(text);
  if (json !== undefined) return json;
  if (isJson) return 'json';
  return /\.(txt|text|md)$/.test(name)
    ? textFormat(text)
    : /^\s*__label__\S+\s/.test(text)
      ? 'fasttext'
      : 'csv';
}

async function detectFileLayout(source: DatasetSource, options: ReadOptions): Promise<Layout> {
  if (source.kind === 'folder') return folderCodec.detectLayout(source, options);
  const format: FileFormat = options.format ?? (await detectFormat(source, options));
  if (format === 'folder') throw new TunebenchError('datasets.notAFolder', { file: source.name });
  return fileCodecs[format].detectLayout(source, options);
}

function readFileRows(source: DatasetSource, layout: Layout): AsyncIterable<RawRow> {
  if (source.kind === 'folder') return folderCodec.readRows(source, layout);
  if (layout.format === 'folder') throw new TunebenchError('datasets.notAFolder', { file: source.name });
  return fileCodecs[layout.format].readRows(source, layout);
}

/**
 * Finds out how a file is to be read: encoding, format, delimiter, header, columns, and what these mean together. What
 * the options say is taken as it is.
 */
export async function detectLayout(source: DatasetSource, options: ReadOptions): Promise<FileLayout> {
  const layout = await detectFileLayout(source, options);
  const shape = options.shape ?? (await detectShape(layout.columns, firstFields(source, layout)));
  return { ...layout, shape, fileColumns: layout.columns, columns: shapes[shape].addColumns(layout.columns) };
}

async function* firstFields(source: DatasetSource, layout: Layout) {
  let seen = 0;
  for await (const row of readFileRows(source, layout)) {
    if (row.problem === undefined) yield row.fields;
    if (++seen >= shapeSampleRows) return;
  }
}

/** The rows of a file, read as `layout` says, in constant memory. */
export async function* readRows(source: DatasetSource, layout: FileLayout): AsyncGenerator<RawRow> {
  const shape = shapes[layout.shape];
  const rows = readFileRows(source, { ...layout, columns: layout.fileColumns });
  if (layout.shape === 'plain') {
    yield* rows;
    return;
  }
  for await (const row of rows) {
    if (row.problem !== undefined) {
      yield row;
      continue;
    }
    const { line } = row;
    const fields = shape.expand(row.fields);
    yield fields === undefined
      ? { line, problem: describeProblem('datasets.wrongShape', { line, shape: layout.shape }) }
      : { line, fields };
  }
}
