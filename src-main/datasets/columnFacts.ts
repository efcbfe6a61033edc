import { type ColumnFacts, type FieldValue, type Fields, textOf } from '../contract/datasets.ts';

type ColumnType = ColumnFacts['type'];

/** What one value is; numbers and truth values also where a file of text spells them. */
function typeOf(value: FieldValue): Exclude<ColumnType, 'mixed' | 'empty'> {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value !== 'string') return 'json';
  const text = value.trim();
  if (/^(?:true|false)$/i.test(text)) return 'boolean';
  if (/^[-+]?(?:0|[1-9]\d{0,14})$/.test(text)) return 'integer';
  return /^[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?$/.test(text) && !/^0\d/.test(text)
    ? 'number'
    : 'text';
}

function commonType(types: ReadonlySet<ColumnType>): ColumnType {
  const [only, second, third] = types;
  if (only === undefined) return 'empty';
  if (second === undefined) return only;
  if (third === undefined && types.has('integer') && types.has('number')) return 'number';
  return types.has('json') ? 'mixed' : 'text';
}

/** What the columns hold, by some rows of them. */
export function describeColumns(columns: readonly string[], rows: readonly Fields[]): ColumnFacts[] {
  return columns.map((name) => {
    const types = new Set<ColumnType>();
    const distinct = new Set<string>();
    let filled = 0;
    let length = 0;
    let longest = 0;
    for (const fields of rows) {
      const value = fields[name];
      const text = textOf(value);
      if (value === undefined || text.trim() === '') continue;
      filled++;
      length += text.length;
      longest = Math.max(longest, text.length);
      distinct.add(text);
      types.add(typeOf(value));
    }
    const averageLength = filled === 0 ? 0 : length / filled;
    return { name, type: commonType(types), filled, distinct: distinct.size, averageLength, longest };
  });
}
