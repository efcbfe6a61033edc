import {
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  snappyUncompress,
} from 'hyparquet';
import type { AsyncBuffer, Compressors } from 'hyparquet';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type FileSource, type RandomAccess, maximumColumns } from '../source.ts';
import { type Codec, type RawRow, plainLayout } from './codec.ts';
import { parquetParsers, toField } from './parquetValues.ts';

const kind = 'Parquet';
/** A page is usually 1 MB; one of this size would already be a mistake or an attack. */
const largestPageBytes = 256 * 1024 * 1024;
/** Rows that are in memory at once. */
const largestRowGroup = 5_000_000;

/** Statistics in the metadata are of no use here, and what is cut short in them must not be parsed. */
const unread = () => undefined;
const metadataOptions = {
  geoparquet: false,
  parsers: Object.fromEntries(Object.keys(parquetParsers).map((name) => [name, unread])),
};

/** The file as the library reads it; whatever offset the file names must lie inside it. */
function asyncBufferOf(bytes: RandomAccess, file: string): AsyncBuffer {
  return {
    byteLength: bytes.sizeBytes,
    slice(start, end = bytes.sizeBytes) {
      if (!(start >= 0 && start <= end && end <= bytes.sizeBytes)) {
        const detail = `bytes ${start}–${end} of ${bytes.sizeBytes}`;
        throw new TunebenchError('datasets.damagedFile', { file, kind, detail });
      }
      const piece = bytes.read(start, end - start);
      const copy = new ArrayBuffer(piece.byteLength);
      new Uint8Array(copy).set(piece);
      return copy;
    },
  };
}

function compressorsFor(source: FileSource): Compressors {
  const file = source.name;
  const limited =
    (unpack: (bytes: Uint8Array, length: number) => Uint8Array) =>
    (bytes: Uint8Array, length: number): Uint8Array => {
      if (length > largestPageBytes || length < 0) {
        throw new TunebenchError('datasets.unpacksTooLarge', {
          file,
          limitMegabytes: largestPageBytes >> 20,
        });
      }
      return unpack(bytes, length);
    };
  return {
    // Three bytes of snappy give 64 at most.
    SNAPPY: limited((bytes, length) => {
      if (length > bytes.byteLength * 64) {
        throw new TunebenchError('datasets.damagedFile', {
          file,
          kind,
          detail: `${length} bytes in one page`,
        });
      }
      const output = new Uint8Array(length);
      snappyUncompress(bytes, output);
      return output;
    }),
    GZIP: limited((bytes, length) => source.decompress('gzip', bytes, length)),
    ZSTD: limited((bytes, length) => source.decompress('zstd', bytes, length)),
    BROTLI: limited((bytes, length) => source.decompress('brotli', bytes, length)),
  };
}

/** The library's failures as one of our sentences. */
function toError(error: unknown, file: string): unknown {
  if (error instanceof TunebenchError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new TunebenchError('datasets.damagedFile', { file, kind, detail }, { cause: error });
}

async function openFile<Result>(
  source: FileSource,
  work: (file: AsyncBuffer, metadata: FileMetaData) => Promise<Result>,
): Promise<Result> {
  const bytes = source.openBytes();
  try {
    const file = asyncBufferOf(bytes, source.name);
    return await work(file, await parquetMetadataAsync(file, metadataOptions));
  } catch (error) {
    throw toError(error, source.name);
  } finally {
    bytes.close();
  }
}

function columnNames(metadata: FileMetaData, file: string): string[] {
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  if (names.length > maximumColumns) {
    throw new TunebenchError('datasets.tooManyColumns', { file, limit: maximumColumns });
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TunebenchError('datasets.duplicateColumn', { file, column: twice });
  return names;
}

/** The numbers of rows of the row groups, which must fit the chunks they are made of. */
function groupSizes(metadata: FileMetaData, file: string): number[] {
  return metadata.row_groups.map((group) => {
    const rows = Number(group.num_rows);
    if (!Number.isSafeInteger(rows) || rows < 0) {
      throw new TunebenchError('datasets.damagedFile', { file, kind, detail: `${group.num_rows} rows` });
    }
    if (rows > largestRowGroup) {
      throw new TunebenchError('datasets.rowGroupTooLarge', { file, rows, limit: largestRowGroup });
    }
    return rows;
  });
}

/** Parquet; nested values become lists and objects, times ISO 8601. Lines number the rows. Row groups are read one by one. */
export const parquetCodec: Codec = {
  format: 'parquet',
  extensions: ['.parquet', '.pq'],
  detectLayout: (source) =>
    openFile(source, (_file, metadata) => {
      groupSizes(metadata, source.name);
      if (Number(metadata.num_rows) === 0)
        throw new TunebenchError('datasets.emptyFile', { file: source.name });
      return Promise.resolve(plainLayout('parquet', null, columnNames(metadata, source.name)));
    }),
  async *readRows(source): AsyncGenerator<RawRow> {
    const bytes = source.openBytes();
    try {
      const file = asyncBufferOf(bytes, source.name);
      const compressors = compressorsFor(source);
      const metadata = await parquetMetadataAsync(file, metadataOptions);
      const names = columnNames(metadata, source.name);
      let line = 0;
      for (const size of groupSizes(metadata, source.name)) {
        const rows = await parquetReadObjects({
          file,
          metadata,
          compressors,
          parsers: parquetParsers,
          utf8: false,
          rowStart: line,
          rowEnd: line + size,
        });
        if (rows.length !== size) throw new Error(`${rows.length} rows in a group of ${size}`);
        for (const row of rows) {
          line++;
          yield { line, fields: Object.fromEntries(names.map((name) => [name, toField(row[name])])) };
        }
      }
    } catch (error) {
      throw toError(error, source.name);
    } finally {
      bytes.close();
    }
  },
};
