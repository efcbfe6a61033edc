import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type FieldValue, textOf } from '../../contract/datasets.ts';
import { type WriteRequest, type Writer, type WrittenRecord } from './writer.ts';

const rowsPerGroup = 20_000;
type ParquetType = 'STRING' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'JSON';

/** Hands over what has been written so far instead of keeping it. */
class PieceWriter extends ByteWriter {
  takeBytes(): Uint8Array {
    const bytes = new Uint8Array(this.getBuffer());
    this.index = 0;
    return bytes;
  }
}

function typeOf(value: FieldValue): ParquetType {
  if (typeof value === 'string') return 'STRING';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value !== 'number') return 'JSON';
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'INT64' : 'DOUBLE';
}

function commonType(one: ParquetType | undefined, other: ParquetType): ParquetType {
  if (one === undefined || one === other) return other;
  const isNumber = (type: ParquetType) => type === 'INT64' || type === 'DOUBLE';
  return isNumber(one) && isNumber(other) ? 'DOUBLE' : 'JSON';
}

/** The narrowest type that holds every value of each column; JSON where they are of several kinds. */
function columnTypes({ columns, records }: WriteRequest): Map<string, ParquetType> {
  const types = new Map<string, ParquetType>();
  for (const { fields } of records()) {
    for (const name of columns) {
      const value = fields[name];
      if (value !== undefined && value !== null) types.set(name, commonType(types.get(name), typeOf(value)));
    }
  }
  return new Map(columns.map((name) => [name, types.get(name) ?? 'STRING']));
}

/** Text that UTF-8 can carry. */
const wellFormed = (text: string): string => text.toWellFormed();

function toParquet(value: FieldValue | undefined, type: ParquetType): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'INT64') return BigInt(Number(value));
  if (type === 'STRING') return wellFormed(textOf(value));
  return value;
}

function* groups(records: Iterable<WrittenRecord>): Generator<WrittenRecord[]> {
  let group: WrittenRecord[] = [];
  for (const record of records) {
    group.push(record);
    if (group.length < rowsPerGroup) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function* pieces(request: WriteRequest): Generator<Uint8Array> {
  const types = columnTypes(request);
  const columnData = (records: readonly WrittenRecord[]): ColumnSource[] =>
    [...types].map(([name, type]) => ({
      name,
      data: records.map(({ fields }) => toParquet(fields[name], type)),
    }));
  const typed = [...types].map(([name, type]): ColumnSource => ({ name, type, data: [] }));
  const writer = new PieceWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: typed }),
    createdBy: 'Tunebench',
  });
  for (const group of groups(request.records())) {
    void parquet.write({ columnData: columnData(group), rowGroupSize: rowsPerGroup });
    yield writer.takeBytes();
  }
  void parquet.finish();
  yield writer.takeBytes();
}

export const parquetWriter: Writer = { format: 'parquet', extension: '.parquet', write: pieces };
