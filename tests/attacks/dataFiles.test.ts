import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../src-main/contract/datasets.ts';
import { TunebenchError } from '../../src-main/contract/errors/index.ts';
import { detectLayout, readRows } from '../../src-main/datasets/layout.ts';
import { type FileSource, maximumLineBytes } from '../../src-main/datasets/source.ts';
import { collect, fileOf } from '../unit/datasets/sources.ts';

async function readFrom(source: FileSource, options: ReadOptions = {}) {
  const layout = await detectLayout(source, options);
  return collect(readRows(source, layout));
}
const read = (name: string, content: string | Uint8Array, options: ReadOptions = {}) =>
  readFrom(fileOf(name, content), options);

/** Rows or one of our sentences: anything else is a fault. */
async function outcomeOf(source: FileSource): Promise<'rows' | 'refused'> {
  try {
    await readFrom(source);
    return 'rows';
  } catch (error) {
    if (error instanceof TunebenchError) return 'refused';
    throw error;
  }
}

/** A file of any size that is never in memory whole. */
function endless(name: string, start: string, piece: string, pieces: number, end: string): FileSource {
  const bytes = new TextEncoder().encode(piece);
  return {
    ...fileOf(name, ''),
    async *open() {
      yield new TextEncoder().encode(start);
      for (let index = 0; index < pieces; index++) yield bytes;
      yield new TextEncoder().encode(end);
    },
  };
}

describe('a line of 200 MB', () => {
  const piece = 'x'.repeat(1 << 20);
  const cases: [name: string, start: string, end: string, options?: ReadOptions][] = [
    ['a.jsonl', '{"text":"one"}\n{"text":"', '"}\n{"text":"three"}\n'],
    ['a.json', '[{"text":"one"},{"text":"', '"},{"text":"three"}]'],
    ['a.txt', 'one\n', '\nthree\n', { format: 'text' }],
    ['a.conll', 'one O\n\n', '\n\nthree O\n'],
  ];
  test.each(cases)(
    'in %s is a problem of its row, in constant memory',
    async (name, start, end, options: ReadOptions = {}) => {
      const before = process.memoryUsage.rss();
      const rows = await readFrom(endless(name, start, piece, 200, end), { encoding: 'utf-8', ...options });
      expect(rows.map(({ problem }) => problem?.code)).toEqual([
        undefined,
        'datasets.lineTooLong',
        undefined,
      ]);
      expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
    },
  );
});

describe('JSON', () => {
  test('nested 10,000 deep is a problem of its row', async () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    for (const content of [`{"a":1}\n${deep}\n{"a":2}`, `[{"a":1},${deep},{"a":2}]`]) {
      const rows = await read('a.json', content);
      expect(rows.map(({ problem }) => problem?.code)).toEqual([undefined, 'datasets.tooDeep', undefined]);
    }
    const open = await read('a.json', `[{"a":1},${'{"a":['.repeat(100_000)}`);
    expect(open.map(({ problem }) => problem?.code)).toEqual([undefined, 'datasets.badJson']);
  });

  test('with keys meant to change objects fills fields only', async () => {
    const [row] = await read('a.jsonl', '{"__proto__":{"polluted":1},"constructor":"c","toString":"t"}');
    expect(row).toMatchObject({ fields: { constructor: 'c', toString: 't' } });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('NUL bytes, lone surrogates and markup come through as they are', async () => {
    const [row] = await read('a.jsonl', '{"text":"a\\u0000b \\ud83d <script>alert(1)</script>"}');
    expect(row).toMatchObject({ fields: { text: 'a\0b \ud83d <script>alert(1)</script>' } });
    const rows = await read('a.csv', 'text,label\n"a\0b",1\n<img src=x onerror=alert(1)>,2\n');
    expect(rows).toMatchObject([
      { fields: { text: 'a\0b' } },
      { fields: { text: '<img src=x onerror=alert(1)>' } },
    ]);
  });
});

const recorded = join(import.meta.dirname, '..', 'reference', 'recorded', 'data');
const workbook = readFileSync(join(recorded, 'openpyxl.xlsx'));

/** A workbook made from parts, with the parts every workbook has. */
function workbookOf(parts: Readonly<Record<string, string>>): Uint8Array {
  const usual = {
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
  };
  const files = Object.entries({ ...usual, ...parts }).map(([name, text]) => [
    name,
    new TextEncoder().encode(text),
  ]);
  return zipSync(Object.fromEntries(files), { level: 9 });
}
const sheetOf = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;

describe('workbooks', () => {
  test('that unpack without measure are refused', async () => {
    const bomb = workbookOf({
      'xl/worksheets/sheet1.xml': sheetOf(`<row>${cell('text')}</row>${' '.repeat(120 * 1024 * 1024)}`),
    });
    expect(bomb.byteLength).toBeLessThan(300_000);
    await expect(read('a.xlsx', bomb)).rejects.toMatchObject({ code: 'datasets.unpacksTooLarge' });
  });

  test('with entities of their own are refused', async () => {
    const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>${sheetOf(`<row>${cell('&b;')}</row>`)}`;
    const outside = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${sheetOf(`<row>${cell('&a;')}</row>`)}`;
    for (const sheet of [laughs, outside]) {
      const refusal = read('a.xlsx', workbookOf({ 'xl/worksheets/sheet1.xml': sheet }));
      await expect(refusal).rejects.toMatchObject({ code: 'datasets.damagedFile' });
    }
  });

  test('with cells far out, deep markup or a text that never ends are refused or say so', async () => {
    const far = sheetOf(`<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>`);
    await expect(read('a.xlsx', workbookOf({ 'xl/worksheets/sheet1.xml': far }))).rejects.toMatchObject({
      code: 'datasets.tooManyColumns',
    });
    const deep = sheetOf('<a>'.repeat(5000));
    await expect(read('a.xlsx', workbookOf({ 'xl/worksheets/sheet1.xml': deep }))).rejects.toMatchObject({
      code: 'datasets.damagedFile',
    });
    const noise = Array.from({ length: maximumLineBytes / 8 + 10 }, (_, index) =>
      index.toString(36).padStart(8, '0'),
    );
    const long = sheetOf(
      `<row>${cell('text')}</row><row>${cell(noise.join(''))}</row><row>${cell('b')}</row>`,
    );
    const rows = await read('a.xlsx', workbookOf({ 'xl/worksheets/sheet1.xml': long }));
    expect(rows.map(({ line, problem }) => [line, problem?.code])).toEqual([
      [2, 'datasets.lineTooLong'],
      [3, undefined],
    ]);
  });

  test('formulas come as their last result, else as they are written, and are never computed', async () => {
    const rows =
      '<row><c t="inlineStr"><is><t>text</t></is></c></row><row><c><f>1+1</f><v>2</v></c></row><row><c><f>HYPERLINK("http://x")</f></c></row>';
    const found = await read('a.xlsx', workbookOf({ 'xl/worksheets/sheet1.xml': sheetOf(rows) }));
    expect(found).toMatchObject([{ fields: { text: 2 } }, { fields: { text: '=HYPERLINK("http://x")' } }]);
  });
});

describe('damaged copies', () => {
  const files = [
    'openpyxl.xlsx',
    'snappy.parquet',
    'gzip.parquet',
    'nested.parquet',
    'utf16.csv',
    'cp949.csv',
    'records.json',
  ];
  test.each(files)('%s, cut short anywhere, gives rows or a sentence', async (name) => {
    const whole = readFileSync(join(recorded, name));
    for (
      let length = 0;
      length < whole.byteLength;
      length += Math.max(1, Math.floor(whole.byteLength / 30))
    ) {
      await outcomeOf(fileOf(name, whole.subarray(0, length)));
    }
  });

  test.each(files)('%s, with bytes changed, gives rows or a sentence', async (name) => {
    const whole = readFileSync(join(recorded, name));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const bytes = Uint8Array.from(whole);
          for (const [place, value] of changes) bytes[place] = value;
          await outcomeOf(fileOf(name, bytes));
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test('an archive that lies about its files is refused', async () => {
    const bytes = Uint8Array.from(workbook);
    const view = new DataView(bytes.buffer);
    const end = bytes.lastIndexOf(0x06) - 3;
    view.setUint32(end + 16, 0xfffffff0, true);
    await expect(read('a.xlsx', bytes)).rejects.toMatchObject({ code: 'datasets.damagedFile' });
  });
});

test.each([
  ['UTF-16 cut in half', Buffer.from('text,label\na,1\n', 'utf16le').subarray(0, 13)],
  ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
  ['nothing', Buffer.alloc(0)],
  ['NUL bytes only', Buffer.alloc(5000)],
  ['a byte-order mark alone', Buffer.from('\xff\xfe', 'latin1')],
])('%s is refused under every name', async (_, content) => {
  for (const name of [
    'a.csv',
    'a.tsv',
    'a.jsonl',
    'a.json',
    'a.txt',
    'a.conll',
    'a.parquet',
    'a.xlsx',
    'a.ft',
    'a',
  ]) {
    await outcomeOf(fileOf(name, content));
    if (content.byteLength < 3) expect(await outcomeOf(fileOf(name, content)), name).toBe('refused');
  }
});
