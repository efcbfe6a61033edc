import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../../src-main/contract/datasets.ts';
import { detectLayout } from '../../../src-main/datasets/layout.ts';
import { checkMapping, suggestMapping } from '../../../src-main/datasets/mapping.ts';
import { previewDataset } from '../../../src-main/datasets/index.ts';
import { fileOf } from './sources.ts';

const detect = (name: string, content: string, options: ReadOptions = {}) =>
  detectLayout(fileOf(name, content), options);

describe('the format of a file', () => {
  const cases: [string, string, string, string | null, string[]][] = [
    ['a.csv', 'text,label\nhello there,1\n', 'csv', ',', ['text', 'label']],
    ['a.csv', 'text;label\n"a, b";1\nc, d, e;2\n', 'csv', ';', ['text', 'label']],
    ['a.CSV', 'text\tlabel\nwell, yes\t1\nno, no, no\t2\n', 'csv', '\t', ['text', 'label']],
    ['a.txt', 'text|label\nwell, yes|1\nno|2\n', 'csv', '|', ['text', 'label']],
    ['a.csv', 'text\njust one column\n', 'csv', ',', ['text']],
    ['a.tsv', 'text\tlabel\na,b\t1\n', 'tsv', '\t', ['text', 'label']],
    ['a.tab', 'text\tlabel\n', 'tsv', '\t', ['text', 'label']],
    ['a.ndjson', '{"text":"a"}\n{"label":"b"}\n', 'jsonl', null, ['text', 'label']],
    ['a.json', '{"text":"a"}\n', 'jsonl', null, ['text']],
    ['upload', '\n {"text":"a"}\n', 'jsonl', null, ['text']],
    ['a.csv', '\uFEFF"text","label"\n"a ""b"", c","1"\n', 'csv', ',', ['text', 'label']],
    ['a.csv', 'text,,label\na,b,c\n', 'csv', ',', ['text', 'column2', 'label']],
  ];
  test.each(cases)('%s %j', async (name, content, format, delimiter, columns) => {
    expect(await detect(name, content)).toMatchObject({ format, delimiter, columns });
  });

  test('is taken from the options where they say it', async () => {
    expect(await detect('a.csv', 'text;x,label\n', { delimiter: ';' })).toMatchObject({
      columns: ['text', 'x,label'],
    });
    expect(await detect('a.csv', '{"a":"1"}', { format: 'jsonl' })).toMatchObject({ columns: ['a'] });
  });

  test.each(['', '\n\n', '\uFEFF'])('%j is an empty file', async (content) => {
    for (const name of ['a.csv', 'a.tsv', 'a.jsonl']) {
      await expect(detect(name, content)).rejects.toMatchObject({ code: 'datasets.emptyFile' });
    }
  });
});

describe('the header', () => {
  test.each([
    ['text,label\nhello,1\n', true],
    ['문장,라벨\n안녕,인사\n', true],
    ['I am still waiting on my card?,card_arrival\nWhere is it?,card_arrival\n', false],
    ['greeting,hello there\ngreeting,good morning\n', false],
    ['5,hello\n3,bye\n', false],
    ['a,a\nb,c\n', false],
    ['x'.repeat(61) + ',label\ny,z\n', false],
  ])('of %j is there: %s', async (content, hasHeader) => {
    const layout = await detect('a.csv', content);
    expect(layout.hasHeader).toBe(hasHeader);
    if (!hasHeader) expect(layout.columns).toEqual(['column1', 'column2']);
  });

  test('names that are given are taken, also for a file that has the same', async () => {
    const options = { columns: ['text', 'label'] };
    expect(await detect('a.tsv', 'hello\tgreeting\n', options)).toMatchObject({
      ...options,
      hasHeader: false,
    });
    expect(await detect('a.tsv', 'text\tlabel\nhello\tgreeting\n', options)).toMatchObject({
      ...options,
      hasHeader: true,
    });
    await expect(detect('a.tsv', 'hello\tgreeting\n', { columns: ['text'] })).rejects.toThrow(
      '1 column names were given for a.tsv, but its first row has 2 fields.',
    );
    await expect(detect('a.tsv', 'hello\tx\n', { columns: ['a', 'a'] })).rejects.toThrow(
      /two columns named "a"/,
    );
  });
});

describe('the suggested mapping', () => {
  const rows = (columns: string[], ...values: string[][]) =>
    values.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ''])));
  const cases: [string[], string[][], object][] = [
    [['text', 'category'], [], { roles: { text: 'text', label: 'category' } }],
    [['Q', 'A', 'label'], [], { roles: { prompt: 'Q', completion: 'A' } }],
    [['질문', '답변'], [], { roles: { prompt: '질문', completion: '답변' } }],
    [['instruction', 'input', 'output'], [], { roles: { prompt: 'instruction', completion: 'output' } }],
    [['id', 'Document', 'label'], [], { roles: { text: 'Document', label: 'label' } }],
    [['문장', '감정'], [], { roles: { text: '문장', label: '감정' } }],
    [
      ['sentence1', 'sentence2', 'label'],
      [],
      { roles: { text: 'sentence1', textPair: 'sentence2', label: 'label' } },
    ],
    [
      ['text', 'label', 'split'],
      [
        ['a', 'x', 'train'],
        ['b', 'y', 'dev'],
      ],
      { roles: { text: 'text', label: 'label' }, splitColumn: 'split' },
    ],
    [
      ['text', 'label', 'set'],
      [
        ['a', 'x', 'red'],
        ['b', 'y', 'blue'],
      ],
      { roles: { text: 'text', label: 'label' } },
    ],
    [
      ['column1', 'column2'],
      [
        ['where is my card now', 'card'],
        ['i lost the card', 'card'],
        ['what is my balance', 'money'],
        ['how much do i owe', 'money'],
      ],
      { roles: { text: 'column1', label: 'column2' } },
    ],
    [['column1'], [['some text']], { roles: { text: 'column1' } }],
    [['empty'], [['']], { roles: {} }],
  ];
  test.each(cases)('for %j %j', (columns, values, expected) => {
    expect(suggestMapping(columns, rows(columns, ...values))).toEqual(expected);
  });
});

test('a mapping is checked whole', () => {
  const codes = (mapping: Parameters<typeof checkMapping>[0]) =>
    checkMapping(mapping, ['text', 'label'], 'a.csv').map(({ code }) => code);
  expect(codes({ roles: { text: 'text', label: 'label' } })).toEqual([]);
  expect(codes({ roles: { prompt: 'text', completion: 'label' } })).toEqual([]);
  expect(codes({ roles: { text: 'text', label: 'text' }, splitColumn: 'absent' })).toEqual([
    'datasets.columnTwice',
    'datasets.unknownColumn',
  ]);
  expect(codes({ roles: { prompt: 'text' } })).toEqual(['datasets.mappingIncomplete']);
});

test('a preview shows the file, its first rows and what is wrong with the others', async () => {
  const bad = Array.from({ length: 30 }, (_, index) => `text ${index},\n`).join('');
  const preview = await previewDataset(fileOf('a.csv', `text,label\nhello,1\n${bad}bye,2\nx,y,z\n`), {}, 2);
  expect(preview).toMatchObject({
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    columns: ['text', 'label'],
    rows: [
      { text: 'hello', label: '1' },
      { text: 'text 0', label: '' },
    ],
    totalRows: 33,
    suggestedMapping: { roles: { text: 'text', label: 'label' } },
    rowProblems: { count: 31 },
  });
  expect(preview.rowProblems.first).toHaveLength(20);
  expect(preview.rowProblems.first[0]).toMatchObject({ line: 3, problem: { code: 'datasets.missingLabel' } });
});
