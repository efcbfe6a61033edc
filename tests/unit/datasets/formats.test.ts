import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldValue, Fields, ReadOptions, RecordShape } from '../../../src-main/contract/datasets.ts';
import type { ColumnRole } from '../../../src-main/contract/methods.ts';
import { type Writer, inShape, previewDataset, writers } from '../../../src-main/datasets/index.ts';
import { withFormulaGuard, withoutFormulaGuard } from '../../../src-main/datasets/formulaGuard.ts';
import { detectLayout, readRows } from '../../../src-main/datasets/layout.ts';
import { collect, fileOf } from './sources.ts';

type Roles = Partial<Record<ColumnRole, string>>;

function write(
  format: Writer['format'],
  rows: readonly Fields[],
  {
    roles = {},
    shape = 'plain',
    forSpreadsheets = false,
  }: { roles?: Roles; shape?: RecordShape; forSpreadsheets?: boolean } = {},
): Uint8Array {
  const columns = [...new Set(rows.flatMap((fields) => Object.keys(fields)))];
  const records = () => rows.map((fields) => ({ split: 'train' as const, fields }));
  const request = inShape({ columns, roles, forSpreadsheets, records }, shape);
  return Buffer.concat([...writers[format].write(request)]);
}

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
const fieldsOf = (rows: Awaited<ReturnType<typeof read>>['rows']) =>
  rows.map((row) => row.problem ?? row.fields);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }).map((value) => value.toWellFormed().replaceAll('\uFEFF', '')),
  fc.constantFrom(
    '=1+1',
    "'=x",
    '-5',
    '@cmd',
    '한글',
    '😀',
    '<script>alert(1)</script>',
    '"',
    '\n',
    ' a ',
    '_x0041_',
  ),
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((number) => number + 0),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.record({ a: text }),
);
const runs = { numRuns: 60 };

describe('what is written is read back the same', () => {
  test.each(['jsonl', 'json'] as const)('%s keeps every value with its kind', async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ one: value, two: value }, { requiredKeys: ['one'] }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.integer({ min: 1, max: 50 }),
        async (rows, chunkBytes) => {
          const found = await read(`a.${format}`, write(format, rows), {}, chunkBytes);
          expect(fieldsOf(found.rows)).toEqual(JSON.parse(JSON.stringify(rows)));
        },
      ),
      runs,
    );
  });

  test.each(['csv', 'tsv'] as const)('%s keeps text, also guarded against formulas', async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ one: text, two: text }), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (rows, forSpreadsheets) => {
          const bytes = write(format, rows, { forSpreadsheets });
          const columns = ['one', 'two'];
          const options: ReadOptions = { format, columns, encoding: 'utf-8', guarded: forSpreadsheets };
          expect(fieldsOf((await read(`a.${format}`, bytes, options)).rows)).toEqual(rows);
        },
      ),
      runs,
    );
  });

  test('parquet keeps every value with its kind; a missing one is null', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ one: value, two: value, three: text }), { minLength: 1, maxLength: 6 }),
        async (rows) => {
          const found = await read('a.parquet', write('parquet', rows));
          expect(fieldsOf(found.rows)).toEqual(rows);
        },
      ),
      runs,
    );
  });

  test('xlsx keeps text, numbers and truth values; nothing becomes empty text', async () => {
    const cell = fc.oneof(text, fc.integer(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ one: cell, two: fc.constant('x') }), { minLength: 1, maxLength: 6 }),
        async (rows) => {
          const found = await read('a.xlsx', write('xlsx', rows), { columns: ['one', 'two'] });
          expect(fieldsOf(found.rows)).toEqual(rows);
        },
      ),
      runs,
    );
  });

  test('fastText keeps one label or several', async () => {
    const rows = [
      { text: 'hello there', label: 'greeting' },
      { text: '잘 가', label: ['bye', 'korean'] },
    ];
    const bytes = write('fasttext', rows, { roles: { text: 'text', label: 'label' } });
    expect(new TextDecoder().decode(bytes)).toBe(
      '__label__greeting hello there\n__label__bye __label__korean 잘 가\n',
    );
    const found = await read('a.txt', bytes);
    expect(found.layout.format).toBe('fasttext');
    expect(fieldsOf(found.rows)).toEqual(rows);
  });

  test('lines and paragraphs keep their texts', async () => {
    const lines = await read(
      'a.txt',
      write('text', [{ text: 'one' }, { text: 'two\nlines' }], { roles: { text: 'text' } }),
    );
    expect(fieldsOf(lines.rows)).toEqual([{ text: 'one' }, { text: 'two lines' }]);
    const paragraphs = await read(
      'a.txt',
      write('paragraphs', [{ text: 'one\nmore' }, { text: 'two' }], { roles: { text: 'text' } }),
    );
    expect(paragraphs.layout.format).toBe('paragraphs');
    expect(paragraphs.rows).toEqual([
      { line: 1, fields: { text: 'one\nmore' } },
      { line: 4, fields: { text: 'two' } },
    ]);
  });
});

describe('formula guard', () => {
  test('is undone exactly, and leaves nothing a spreadsheet would compute', () => {
    fc.assert(
      fc.property(text, (written) => {
        const guarded = withFormulaGuard(written);
        expect(withoutFormulaGuard(guarded)).toBe(written);
        expect(/^[=+@\t\r]|^-(?![\d.])/.test(guarded) && !/^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(guarded)).toBe(
          false,
        );
      }),
    );
    expect(withFormulaGuard('-1.5e3')).toBe('-1.5e3');
    expect(withFormulaGuard("=cmd|' /C calc'!A0")).toBe("'=cmd|' /C calc'!A0");
  });
});

describe('JSON documents', () => {
  test.each([
    ['a list in one line', '[{"a":1},{"a":"]}"}]', [1, 1]],
    ['a list over lines', '[\n  {"a": 1},\n\n  {\n   "a": "]}"\n  }\n]\n', [2, 4]],
    ['a list under a usual name', '{"version": "1.1", "data": [\n{"a":1}, {"a":"]}"}]}', [2, 2]],
    ['objects over several lines', '{\n "a": 1\n}\n{\n "a": "]}"\n}', [1, 4]],
  ])('%s: rows with the line each begins in', async (_, content, lines) => {
    for (const chunkBytes of [1, 3, 1000]) {
      const { rows, layout } = await read('a.json', content, {}, chunkBytes);
      expect(layout).toMatchObject({ format: 'json', columns: ['a'] });
      expect(rows).toEqual([
        { line: lines[0], fields: { a: 1 } },
        { line: lines[1], fields: { a: ']}' } },
      ]);
    }
  });

  test('one that is cut off says so after its whole rows', async () => {
    const codes = async (content: string) =>
      (await read('a.json', content)).rows.map(({ problem }) => problem?.code ?? 'fine');
    expect(await codes('[{"a":1},{"a":2},{"a":')).toEqual(['fine', 'fine', 'datasets.badJson']);
    expect(await codes('[{"a":1},{"a":2}')).toEqual(['fine', 'fine', 'datasets.badJson']);
    expect(await codes('[{"a":1}, word, 5, "x", {"a":2}]')).toEqual([
      'fine',
      'datasets.badJson',
      'datasets.notAnObject',
      'datasets.notAnObject',
      'fine',
    ]);
  });

  test('numbers that a double cannot hold become text with the same digits', async () => {
    const { rows } = await read(
      'a.jsonl',
      '{"id": 12345678901234567890, "big": 1e999, "fine": 0.1, "x": 9007199254740991}',
    );
    expect(fieldsOf(rows)).toEqual([
      { id: '12345678901234567890', big: '1e999', fine: 0.1, x: 9007199254740991 },
    ]);
  });
});

describe('conversations and preferences', () => {
  const messages: FieldValue = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello', weight: 1 },
  ];
  const shareGpt: FieldValue = [
    { from: 'system', value: 'Be kind.' },
    { from: 'human', value: 'Hi' },
    { from: 'gpt', value: 'Hello', weight: 1 },
  ];
  const expected = { prompt: 'Be kind.\n\nHi', completion: 'Hello' };
  const roles = { prompt: 'prompt', completion: 'completion' };

  const cases: [RecordShape, Fields, Fields, Roles][] = [
    ['messages', { messages, id: 7 }, expected, roles],
    ['shareGpt', { conversations: shareGpt, id: 7 }, expected, roles],
    [
      'alpaca',
      { instruction: 'Add', input: '1 and 2', output: '3', id: 7 },
      { prompt: 'Add\n\n1 and 2', output: '3' },
      { prompt: 'prompt', completion: 'output' },
    ],
  ];
  test.each(cases)(
    '%s: read with prompt and completion, written back without loss',
    async (shape, row, made, mapping) => {
      const { layout, rows } = await read('a.jsonl', write('jsonl', [row]));
      expect(layout.shape).toBe(shape);
      expect(fieldsOf(rows)).toEqual([{ ...row, ...made }]);
      const again = write('jsonl', [{ ...row, ...made }], { roles: mapping, shape });
      expect(JSON.parse(new TextDecoder().decode(again))).toEqual(row);
      const preview = await previewDataset(fileOf('a.jsonl', write('jsonl', [row])), {}, 1);
      expect(preview.suggestedMapping.roles).toEqual(mapping);
    },
  );

  test('an edited answer replaces the last turn only', async () => {
    const rows = [{ messages, ...expected, completion: 'Good day' }];
    const written: unknown = JSON.parse(
      new TextDecoder().decode(write('jsonl', rows, { roles, shape: 'messages' })),
    );
    expect(written).toEqual({
      messages: [...messages.slice(0, 2), { role: 'assistant', content: 'Good day', weight: 1 }],
    });
  });

  test('one becomes another', () => {
    const convert = (fields: Fields, shape: RecordShape): unknown =>
      JSON.parse(new TextDecoder().decode(write('jsonl', [fields], { roles, shape })));
    expect(convert({ messages, ...expected }, 'shareGpt')).toEqual({ conversations: shareGpt });
    expect(convert({ conversations: shareGpt, ...expected }, 'messages')).toEqual({ messages });
    expect(convert({ prompt: 'Q', completion: 'A', source: 'x' }, 'messages')).toEqual({
      messages: [
        { role: 'user', content: 'Q' },
        { role: 'assistant', content: 'A' },
      ],
      source: 'x',
    });
    expect(convert({ messages, ...expected }, 'alpaca')).toEqual({
      instruction: 'Be kind.\n\nHi',
      input: '',
      output: 'Hello',
    });
  });

  test('preference pairs as messages are written out', async () => {
    const chosen: FieldValue = [...messages.slice(1, 2), { role: 'assistant', content: 'Hello!' }];
    const rejected: FieldValue = [...messages.slice(1, 2), { role: 'assistant', content: 'What.' }];
    const { layout, rows } = await read('a.jsonl', write('jsonl', [{ chosen, rejected }]));
    expect(layout.shape).toBe('preference');
    expect(fieldsOf(rows)).toEqual([
      { chosen, rejected, promptText: 'Hi', chosenText: 'Hello!', rejectedText: 'What.' },
    ]);
    const again = write(
      'jsonl',
      rows.map((row) => (row.problem === undefined ? row.fields : {})),
      {
        roles: { prompt: 'promptText', completion: 'chosenText' },
        shape: 'preference',
      },
    );
    expect(JSON.parse(new TextDecoder().decode(again))).toEqual({
      prompt: 'Hi',
      chosen: 'Hello!',
      rejected: 'What.',
    });
  });

  test('a row of another layout is a problem of that row', async () => {
    const { rows } = await read('a.jsonl', `${JSON.stringify({ messages })}\n{"messages": "none"}\n`);
    expect(rows.map(({ line, problem }) => [line, problem?.code])).toEqual([
      [1, undefined],
      [2, 'datasets.wrongShape'],
    ]);
  });
});

describe('CoNLL', () => {
  const content = [
    '-DOCSTART- -X- -X- O',
    '',
    'EU NNP B-NP B-ORG',
    'rejects VBZ B-VP O',
    'German JJ B-NP B-MISC',
    '',
    '서울 NNP B-NP B-LOC',
    '시청 NNG I-NP I-LOC',
    '',
  ].join('\n');

  test('sentences come with text, spans and every column, and are written back the same', async () => {
    const { rows } = await read('a.conll', content);
    expect(rows).toEqual([
      {
        line: 3,
        fields: {
          text: 'EU rejects German',
          spans: [
            { start: 0, end: 2, label: 'ORG' },
            { start: 11, end: 17, label: 'MISC' },
          ],
          tokens: ['EU', 'rejects', 'German'],
          column2: ['NNP', 'VBZ', 'JJ'],
          column3: ['B-NP', 'B-VP', 'B-NP'],
          tags: ['B-ORG', 'O', 'B-MISC'],
        },
      },
      {
        line: 7,
        fields: {
          text: '서울 시청',
          spans: [{ start: 0, end: 5, label: 'LOC' }],
          tokens: ['서울', '시청'],
          column2: ['NNP', 'NNG'],
          column3: ['B-NP', 'I-NP'],
          tags: ['B-LOC', 'I-LOC'],
        },
      },
    ]);
    const fields = rows.map((row) => (row.problem === undefined ? row.fields : {}));
    const again = new TextDecoder().decode(write('conll', fields, { roles: { text: 'text' } }));
    expect(again).toBe(`${content.split('\n').slice(2).join('\n')}\n`);
  });

  test('edited spans give new tags; texts without tokens are divided into words and marks', () => {
    const rows: Fields[] = [
      {
        text: 'EU said so',
        tokens: ['EU', 'said', 'so'],
        tags: ['O', 'O', 'O'],
        spans: [{ start: 0, end: 2, label: 'ORG' }],
      },
      { text: 'Call Kim, now.', spans: [{ start: 5, end: 8, label: 'PER' }] },
    ];
    const written = new TextDecoder().decode(write('conll', rows, { roles: { text: 'text' } }));
    expect(written).toBe('EU B-ORG\nsaid O\nso O\n\nCall O\nKim B-PER\n, O\nnow O\n. O\n\n');
  });

  test('tags without marks, such as parts of speech, mean no spans', async () => {
    const { rows } = await read('a.conll', 'Rain NN\nfalls VBZ\n');
    expect(rows).toEqual([
      { line: 1, fields: { text: 'Rain falls', spans: [], tokens: ['Rain', 'falls'], tags: ['NN', 'VBZ'] } },
    ]);
  });

  test('lines with another number of columns are a problem of their sentence', async () => {
    const { rows } = await read('a.bio', 'a O\nb\n\nc O\n');
    expect(rows.map(({ problem }) => problem?.message)).toEqual([
      'Line 2 has 1 fields, but there are 2 columns.',
      undefined,
    ]);
  });
});

test('a preview tells what the columns hold', async () => {
  const content = 'text,label,score,n,flag,none\na b,x,0.5,1,true,\nc,y,1,2,false,\n';
  const { schema, shape } = await previewDataset(fileOf('a.csv', content), {}, 2);
  expect(shape).toBe('plain');
  expect(schema.map(({ name, type, filled }) => [name, type, filled])).toEqual([
    ['text', 'text', 2],
    ['label', 'text', 2],
    ['score', 'number', 2],
    ['n', 'integer', 2],
    ['flag', 'boolean', 2],
    ['none', 'empty', 0],
  ]);
});
