import { describe, expect, test } from 'vitest';
import { type ImportOptions, createVersionHasher, planImport } from '../../../src-main/datasets/index.ts';
import { createSha256 } from '../../../src-main/platform/files.ts';
import { collect, fileOf } from './sources.ts';

const defaults: Omit<ImportOptions, 'sources'> = {
  options: {},
  mapping: { roles: { text: 'text', label: 'label' } },
  validationShare: 0.1,
  testShare: 0,
  seed: 0,
  skipBadRows: false,
};
const plan = (change: Partial<ImportOptions> & Pick<ImportOptions, 'sources'>) =>
  planImport({ ...defaults, ...change });

const hundredRows = `text,label\n${Array.from({ length: 100 }, (_, index) => `text ${index},${index % 4}\n`).join('')}`;

test('counts beforehand what the records then are', async () => {
  const found = await plan({ sources: [fileOf('a.csv', hundredRows)], testShare: 0.2 });
  const records = await collect(found.records());
  expect(found.rows).toBe(100);
  expect(found.rowsBySplit).toEqual({ train: 70, validation: 10, test: 20 });
  for (const split of ['train', 'validation', 'test'] as const) {
    expect(records.filter((record) => record.split === split)).toHaveLength(found.rowsBySplit[split]);
  }
  expect(found.labels).toEqual(['0', '1', '2', '3'].map((label) => ({ label, count: 25 })));
  expect(records.map(({ fields }) => fields['text'])).toEqual(
    Array.from({ length: 100 }, (_, index) => `text ${index}`),
  );
  expect(await collect(found.records())).toEqual(records);
});

test('the seed decides the splits, nothing else does', async () => {
  const splits = async (seed: number, chunkBytes = 1 << 16) => {
    const found = await plan({ sources: [fileOf('a.csv', hundredRows, { chunkBytes })], seed });
    return (await collect(found.records())).map(({ split }) => split);
  };
  expect(await splits(1, 7)).toEqual(await splits(1));
  expect(await splits(2)).not.toEqual(await splits(1));
});

test('files and a split column decide before chance does', async () => {
  const found = await plan({
    sources: [
      fileOf('a.csv', 'text,label,split\na,x,dev\nb,y,\nc,x,TEST\nd,y,학습\n'),
      fileOf('b.jsonl', '{"text":"e","label":"x","split":"train"}\n{"text":"f","label":"y","extra":7}\n', {
        split: 'test',
      }),
    ],
    mapping: { roles: { text: 'text', label: 'label' }, splitColumn: 'split' },
    validationShare: 0,
  });
  expect(found.columns).toEqual(['text', 'label', 'split', 'extra']);
  expect((await collect(found.records())).map(({ split }) => split)).toEqual([
    'validation',
    'train',
    'test',
    'train',
    'test',
    'test',
  ]);
  expect(found.rowsBySplit).toEqual({ train: 2, validation: 1, test: 3 });
});

test('blanks around labels make no new labels', async () => {
  const found = await plan({ sources: [fileOf('a.csv', 'text,label\na, x\nb,x \nc,y\n')] });
  expect(found.labels).toEqual([
    { label: 'x', count: 2 },
    { label: 'y', count: 1 },
  ]);
  expect((await collect(found.records()))[0]?.fields).toEqual({ text: 'a', label: 'x' });
});

describe('bad rows', () => {
  const content =
    'text,label,split\ngood,x,train\n,x,train\n  ,y,train\nno label,,train\nodd split,y,red\ntoo,many,fields,here\nfine,y,\n';
  const mapping = { roles: { text: 'text', label: 'label' }, splitColumn: 'split' } as const;

  test('stop the import, each with its line', async () => {
    const refusal = plan({ sources: [fileOf('a.csv', content)], mapping });
    await expect(refusal).rejects.toMatchObject({
      code: 'datasets.badRows',
      message: '5 of 7 rows cannot be used. The first: Line 3 has nothing in the column "text".',
    });
    await expect(refusal).rejects.toMatchObject({
      problems: [
        { code: 'datasets.badRows' },
        { code: 'datasets.emptyText', params: { line: 3 }, path: 'a.csv' },
        { code: 'datasets.emptyText', params: { line: 4 } },
        { code: 'datasets.missingLabel', params: { line: 5 } },
        { code: 'datasets.unknownSplit', params: { line: 6, value: 'red' } },
        { code: 'datasets.fieldCount', params: { line: 7, found: 4, expected: 3 } },
      ],
    });
  });

  test('are left out where that is wanted, and counted', async () => {
    const found = await plan({ sources: [fileOf('a.csv', content)], mapping, skipBadRows: true });
    expect(found.rows).toBe(2);
    expect(found.rowProblems.count).toBe(5);
    expect((await collect(found.records())).map(({ fields }) => fields['text'])).toEqual(['good', 'fine']);
  });

  test('are listed up to twenty and counted in full', async () => {
    const found = await plan({
      sources: [fileOf('a.csv', `text,label\nx,1\ny,2\n${',1\n'.repeat(300)}`)],
      skipBadRows: true,
    });
    expect(found.rowProblems.count).toBe(300);
    expect(found.rowProblems.first).toHaveLength(20);
  });
});

test('measures may have any number of values, and are dealt to the splits like one label', async () => {
  const rows = Array.from({ length: 12_000 }, (_, index) => `a,${index / 7}\n`).join('');
  const found = await plan({ sources: [fileOf('a.csv', `text,label\n${rows}`)], validationShare: 0.25 });
  expect(found).toMatchObject({ rows: 12_000, labels: [], rowsBySplit: { train: 9000, validation: 3000 } });
  const splits = (await collect(found.records())).map(({ split }) => split);
  expect(splits.filter((split) => split === 'validation')).toHaveLength(3000);
  const word = [fileOf('a.csv', `text,label\n${rows}a,word\n`)];
  await expect(plan({ sources: word })).rejects.toMatchObject({ code: 'datasets.tooManyLabels' });
});

describe('an import is refused', () => {
  const oneLabel = 'text,label\na,x\nb,x\n';
  test.each<[string, Partial<ImportOptions>, string, string]>([
    ['one label', {}, oneLabel, 'datasets.oneLabel'],
    ['no rows', {}, 'text,label\n', 'datasets.emptyFile'],
    ['only bad rows', { skipBadRows: true }, 'text,label\n,x\n', 'datasets.emptyFile'],
    ['an absent column', {}, 'text,other\na,b\n', 'datasets.unknownColumn'],
    ['nothing left to train on', { validationShare: 0.5, testShare: 0.5 }, hundredRows, 'datasets.badShares'],
    [
      'texts as labels',
      {},
      `text,label\n${Array.from({ length: 10_001 }, (_, index) => `a,word ${index}\n`).join('')}`,
      'datasets.tooManyLabels',
    ],
  ])('for %s', async (_, change, content, code) => {
    await expect(plan({ sources: [fileOf('a.csv', content)], ...change })).rejects.toMatchObject({ code });
  });

  test('with the problems of all files at once', async () => {
    const sources = [fileOf('a.csv', 'x,y\n1 a,2 b\n'), fileOf('b.csv', ''), fileOf('c.csv', hundredRows)];
    await expect(plan({ sources })).rejects.toMatchObject({
      problems: [
        { code: 'datasets.unknownColumn' },
        { code: 'datasets.unknownColumn' },
        { code: 'datasets.emptyFile' },
      ],
    });
  });

  test('when a file changes between the two readings', async () => {
    let content = hundredRows;
    const source = {
      ...fileOf('a.csv', ''),
      async *open() {
        yield new TextEncoder().encode(content);
      },
    };
    const found = await plan({ sources: [source] });
    content += 'one more,1\n';
    await expect(collect(found.records())).rejects.toMatchObject({ code: 'datasets.fileChanged' });
  });

  test('when it is cancelled, and says how far it is before', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const content = `text,label\n${'a,1\nb,2\n'.repeat(2000)}`;
    const refusal = plan({
      sources: [fileOf('a.csv', content)],
      signal: stop.signal,
      onProgress(rowsRead) {
        seen.push(rowsRead);
        if (rowsRead === 2000) stop.abort();
      },
    });
    await expect(refusal).rejects.toMatchObject({ code: 'common.cancelled' });
    expect(seen).toEqual([1000, 2000]);
  });
});

test('hundreds of thousands of rows are read as they are needed, never piled up', async () => {
  const block = new TextEncoder().encode(
    'a text of the usual length for a row,1\n"another, quoted",2\n'.repeat(1000),
  );
  let handedOut = 0;
  const source = {
    ...fileOf('big.csv', ''),
    async *open() {
      handedOut = 0;
      yield new TextEncoder().encode('text,label\n');
      for (let index = 0; index < 200; index++) {
        handedOut++;
        yield block;
      }
    },
  };
  const found = await plan({ sources: [source] });
  expect(found.rows).toBe(400_000);
  expect(found.rowsBySplit).toEqual({ train: 360_000, validation: 40_000, test: 0 });
  let rows = 0;
  let mostAhead = 0;
  for await (const record of found.records()) {
    if (record.fields['text'] === '') throw new Error('an empty row');
    rows++;
    mostAhead = Math.max(mostAhead, handedOut - rows / 2000);
  }
  expect(rows).toBe(400_000);
  expect(mostAhead).toBeLessThan(80);
});

describe('the version hash', () => {
  const hashOf = (records: Parameters<ReturnType<typeof createVersionHasher>['add']>[0][]) => {
    const hasher = createVersionHasher(createSha256());
    for (const record of records) hasher.add(record);
    return hasher.digest();
  };
  const one = { split: 'train', fields: { text: 'a', label: 'x' } } as const;
  const two = { split: 'test', fields: { text: 'b', label: 'y' } } as const;

  test('is that of the canonical lines', () => {
    // printf '["train",[["label","x"],["text","a"]]]\n' | sha256sum
    expect(hashOf([one])).toBe('adc45fbdfc38731fb7ed2e48691b232b8b78be1fb0c003317fb177512d7783f5');
  });

  test('does not depend on the order of columns, and depends on everything else', () => {
    expect(hashOf([{ split: 'train', fields: { label: 'x', text: 'a' } }])).toBe(hashOf([one]));
    const all = [
      hashOf([one, two]),
      hashOf([two, one]),
      hashOf([one]),
      hashOf([{ ...one, split: 'test' }]),
      hashOf([{ ...one, fields: { text: 'ax', label: '' } }]),
      hashOf([{ ...one, fields: { text: 'a', label: 'x', more: '' } }]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('is the same for the same rows from CSV and JSON lines', async () => {
    const hashes = [];
    for (const source of [
      fileOf('a.csv', 'text,label\n"안녕, 여러분",x\nb,y\n'),
      fileOf('b.jsonl', '{"label":"x","text":"안녕, 여러분"}\n{"text":"b","label":"y"}\n'),
    ]) {
      hashes.push(hashOf(await collect((await plan({ sources: [source] })).records())));
    }
    expect(hashes[0]).toBe(hashes[1]);
  });
});
