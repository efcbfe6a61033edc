import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../../src-main/contract/datasets.ts';
import { TunebenchError } from '../../../src-main/contract/errors/index.ts';
import { previewDataset } from '../../../src-main/datasets/index.ts';
import { detectLayout, readRows } from '../../../src-main/datasets/layout.ts';
import { maximumLineBytes } from '../../../src-main/datasets/source.ts';
import { collect, fileOf, toEucKr, toUtf16 } from './sources.ts';

async function read(
  name: string,
  content: string | Uint8Array,
  options: ReadOptions = {},
  chunkBytes?: number,
) {
  const source = fileOf(name, content, chunkBytes === undefined ? {} : { chunkBytes });
  const layout = await detectLayout(source, options);
  return { layout, rows: await collect(readRows(source, layout)) };
}
const columns = ['first', 'second', 'third'];
const chunkSize = fc.integer({ min: 1, max: 40 });
const runs = { numRuns: 150 };

/** A field as a careful program writes it. */
function quoteField(field: string, delimiter: string): string {
  return field === '' || field.includes(delimiter) || /["\r\n]/.test(field)
    ? `"${field.replaceAll('"', '""')}"`
    : field;
}

describe('CSV', () => {
  const field = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\uFEFF', '')),
    fc.constantFrom('"', '""', ',', 'a,b', '\n', 'x\r\ny', 'a\n\nb', ' ', '한글', '😀', '=1+1'),
  );
  const record = fc.tuple(field, field, field);

  test('what a careful program writes comes back the same, with the line each row begins in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(',', ';', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        chunkSize,
        async (records, delimiter, lineEnd, finalLineEnd, chunkBytes) => {
          const texts = records.map((fields) =>
            fields.map((text) => quoteField(text, delimiter)).join(delimiter),
          );
          const content = [columns.join(delimiter), ...texts].join(lineEnd) + (finalLineEnd ? lineEnd : '');
          const { rows } = await read(
            'a.csv',
            content,
            { delimiter, columns, encoding: 'utf-8' },
            chunkBytes,
          );
          let line = 2;
          const expected = records.map(([first, second, third], index) => {
            const row = { line, fields: { first, second, third } };
            line += texts[index]?.split('\n').length ?? 1;
            return row;
          });
          expect(rows).toEqual(expected);
        },
      ),
      runs,
    );
  });

  test('rows with the wrong number of fields and blank lines keep the line numbers right', async () => {
    const { rows } = await read(
      'a.csv',
      'text,label\r\n\r\nok,1\r\nonly\r\n   \r\na,b,c\r\n"x\r\ny",2\r\n\r\nend,3',
    );
    expect(rows.map(({ line, problem }) => [line, problem?.message ?? 'fine'])).toEqual([
      [3, 'fine'],
      [4, 'Line 4 has 1 fields, but there are 2 columns.'],
      [6, 'Line 6 has 3 fields, but there are 2 columns.'],
      [7, 'fine'],
      [10, 'fine'],
    ]);
  });

  test('quotation marks inside plain fields are text', async () => {
    const { rows } = await read('a.csv', 'text,label\nHe said "no",1\n5" pipe,2\n');
    expect(rows.map((row) => row.problem ?? row.fields['text'])).toEqual(['He said "no"', '5" pipe']);
  });

  test('a quotation mark that is never closed is refused with the line it is in', async () => {
    const content = `text,label\n${'fine,1\n'.repeat(3)}\n"never closed,2\n${'more,3\n'.repeat(50_000)}`;
    await expect(read('a.csv', content)).rejects.toThrow('a.csv, line 6: a quoted field begins here');
  });

  test('rows of many lines are understood although the sample ends inside one', async () => {
    const text = `${'a line of text\n'.repeat(400)}the end`;
    const { layout, rows } = await read('a.csv', `text,label\n${`"${text}",1\n`.repeat(150)}`);
    expect(layout.columns).toEqual(['text', 'label']);
    expect(rows).toHaveLength(150);
    expect(rows.at(-1)).toEqual({ line: 2 + 149 * 401, fields: { text, label: '1' } });
  });

  test('files from very old programs separate lines by carriage returns', async () => {
    const { rows } = await read('a.csv', 'text,label\rone,1\r"two\rlines",2\rthree,3');
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 5]);
  });
});

describe('TSV', () => {
  test('takes quotation marks as text unless fields are quoted throughout', async () => {
    const loose = await read('a.tsv', 'text\tlabel\n"so good\t1\nsay "hi"\t0\n');
    expect(loose.rows.map((row) => row.problem ?? row.fields['text'])).toEqual(['"so good', 'say "hi"']);
    const quoted = await read('a.tsv', 'text\tlabel\n"one ""two"""\t1\n"plain"\t0\n');
    expect(quoted.rows.map((row) => row.problem ?? row.fields['text'])).toEqual(['one "two"', 'plain']);
  });

  test('any text without tabs and line ends comes back the same', async () => {
    const field = fc
      .string({ unit: 'binary', maxLength: 12 })
      // With the lone mark below, one that ends a later field would be that of a quoted field over several lines.
      .map((text) => text.replaceAll(/[\t\r\n\uFEFF]/g, '').replace(/"+$/, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field)), chunkSize, async (records, chunkBytes) => {
        // A first row that begins with a lone mark switches quoting off for the whole file.
        const rows = [['"', 'x'], ...records];
        const content = rows.map((fields) => fields.join('\t')).join('\n');
        const found = await read(
          'a.tsv',
          content,
          { columns: ['one', 'two'], encoding: 'utf-8' },
          chunkBytes,
        );
        expect(found.rows.map((row) => row.problem ?? [row.fields['one'], row.fields['two']])).toEqual(rows);
      }),
      runs,
    );
  });
});

describe('JSON lines', () => {
  test('objects come back the same', async () => {
    const key = fc.string({ maxLength: 6 }).filter((name) => name !== '__proto__');
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    // Whole numbers beyond the exact ones are read as text: a test of their own.
    const exactValue = fc.jsonValue().filter((value) => !/\d{16}|e\+/.test(JSON.stringify(value)));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(key, fc.oneof(text, exactValue)), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\n\n'),
        chunkSize,
        async (objects, lineEnd, chunkBytes) => {
          const content = objects.map((object) => JSON.stringify(object)).join(lineEnd);
          const { rows } = await read('a.jsonl', content, {}, chunkBytes);
          const step = lineEnd === '\n\n' ? 2 : 1;
          expect(rows).toEqual(
            objects.map((object, index) => {
              const fields: unknown = JSON.parse(JSON.stringify(object));
              return { line: 1 + index * step, fields };
            }),
          );
        },
      ),
      runs,
    );
  });

  test('lines that are no object say why', async () => {
    const { rows } = await read(
      'a.jsonl',
      '{"a":1}\n[1]\nnull\n{"a":\n7\n"x"\n\n{"a":"__proto__","__proto__":{"x":1}}',
    );
    expect(rows.map(({ line, problem }) => [line, problem?.code])).toEqual([
      [1, undefined],
      [2, 'datasets.notAnObject'],
      [3, 'datasets.notAnObject'],
      [4, 'datasets.badJson'],
      [5, 'datasets.notAnObject'],
      [6, 'datasets.notAnObject'],
      [8, undefined],
    ]);
    expect(rows.at(-1)).toEqual({ line: 8, fields: { a: '__proto__' } });
  });
});

describe('lines that are too long', () => {
  const long = 'x'.repeat(maximumLineBytes + 1);

  test.each([1 << 16, 1 << 26])(
    'are problems of their row, and the rows around them stay (chunks of %i)',
    async (chunkBytes) => {
      const jsonl = `{"a":"1"}\n{"a":"${long}"}\n{"a":"3"}\n{"a":"${long}"}`;
      expect(
        (await read('a.jsonl', jsonl, {}, chunkBytes)).rows.map(({ line, problem }) => [line, problem?.code]),
      ).toEqual([
        [1, undefined],
        [2, 'datasets.lineTooLong'],
        [3, undefined],
        [4, 'datasets.lineTooLong'],
      ]);
      const csv = `text,label\na,1\n${long},2\nb,3\n"c\n${long}\nd",4\ne,5\n${long}`;
      expect(
        (await read('a.csv', csv, {}, chunkBytes)).rows.map(({ line, problem }) => [line, problem?.code]),
      ).toEqual([
        [2, undefined],
        [3, 'datasets.lineTooLong'],
        [4, undefined],
        [5, 'datasets.lineTooLong'],
        [8, undefined],
        [9, 'datasets.lineTooLong'],
      ]);
    },
  );

  test('a line of ten million bytes is refused, one of seven million is read', async () => {
    const line = (bytes: number) => `{"a":"${'y'.repeat(bytes - 8)}"}`;
    const { rows } = await read('a.jsonl', `${line(7_000_000)}\n${line(10_000_000)}\n`);
    expect(rows.map(({ problem }) => problem?.message)).toEqual([undefined, 'Line 2 is longer than 8 MB.']);
  });
});

describe('encodings', () => {
  const text = '"질문",답변\n안녕,반가워\n"안녕,\n",반가워\n';
  const bytesOf: Record<string, () => Uint8Array> = {
    'utf-8': () => new TextEncoder().encode(text),
    'utf-8 with mark': () => new TextEncoder().encode(`\uFEFF${text}`),
    'utf-16le with mark': () => toUtf16(`\uFEFF${text}`, true),
    'utf-16be with mark': () => toUtf16(`\uFEFF${text}`, false),
    'utf-16le': () => toUtf16(text, true),
    'utf-16be': () => toUtf16(text, false),
    'euc-kr': () => toEucKr(text),
  };
  test.each(Object.keys(bytesOf))('%s is found out, in chunks of any size', async (name) => {
    const content = bytesOf[name]?.() ?? new Uint8Array();
    for (const chunkBytes of [1, 2, 3, 7, 1000]) {
      const { layout, rows } = await read('a.csv', content, {}, chunkBytes);
      expect(layout.encoding).toBe(name.split(' ')[0]);
      expect(layout.columns).toEqual(['질문', '답변']);
      expect(rows.map((row) => row.problem ?? row.fields['질문'])).toEqual(['안녕', '안녕,\n']);
    }
  });

  const fine = 'text,label\n한글,1\n';
  const broken: [string, string, Uint8Array, ReadOptions][] = [
    [
      'a stray byte',
      'line 4',
      Buffer.concat([Buffer.from(`${fine}ok,2\n`), Buffer.from([0x63, 0xe9, 0x2c, 0x31, 10])]),
      {},
    ],
    [
      'a cut character at the end',
      'line 3',
      Buffer.concat([Buffer.from(fine), Buffer.from([0xed, 0x95])]),
      {},
    ],
    [
      'Latin-1 that could be Korean pairs',
      'line 2',
      Buffer.from('text,label\ncaf\xe9s cr\xe8me,1\n', 'latin1'),
      {},
    ],
    ['UTF-8 read as EUC-KR', 'line 2', Buffer.from('text,label\n한,1\n'), { encoding: 'euc-kr' }],
    ['half a pair in UTF-16', 'line 3', toUtf16('text,label\na,1\nx\ud83dx,2\nb,3\n', true), {}],
    ['an odd number of bytes in UTF-16', 'line 2', toUtf16('text,label\na,1', true).subarray(0, -1), {}],
  ];
  test.each(broken)('%s is refused with its line', async (_, line, content, options) => {
    for (const chunkBytes of [1, 5, 1000]) {
      await expect(read('a.csv', content, options, chunkBytes)).rejects.toThrow(
        `a.csv, ${line}: these bytes`,
      );
    }
  });

  test('a bad byte far behind the sample is refused when it is reached', async () => {
    const content = Buffer.concat([
      Buffer.from(`text,label\n${'some text,1\n'.repeat(60_000)}`),
      Buffer.from([0xff, 10]),
    ]);
    const source = fileOf('a.csv', content);
    const layout = await detectLayout(source, {});
    await expect(collect(readRows(source, layout))).rejects.toThrow('a.csv, line 60002: these bytes');
  });

  test.each([
    ['\xd0\xcf\x11\xe0rest', 'XLS'],
    ['\x80\x02}q\0\0\0a\0bc\0', 'binary'],
  ])('%j is no text table', async (content, kind) => {
    await expect(read('a.csv', Buffer.from(content, 'latin1'))).rejects.toThrow(`a.csv is a ${kind} file`);
  });
});

describe('hostile input', () => {
  test('any bytes under any name give rows or one of our sentences', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc
        .constantFrom(
          '"',
          ',',
          '\n',
          '\r\n',
          '\t',
          '{',
          '}',
          '[',
          '{"a":1}',
          '\0',
          '\uFEFF',
          '__proto__',
          'a,b\n',
        )
        .map((text) => new TextEncoder().encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 20 }),
        fc.constantFrom('a.csv', 'a.tsv', 'a.jsonl', 'a.json', 'a.txt', 'a'),
        chunkSize,
        async (pieces, name, chunkBytes) => {
          const source = fileOf(name, Buffer.concat(pieces), { chunkBytes });
          const outcome: unknown = await previewDataset(source, {}, 5).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TunebenchError);
        },
      ),
      { numRuns: 400 },
    );
  });
});
