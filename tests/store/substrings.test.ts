import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairTokens, substringQuery } from '../../src-main/store/substrings.ts';

function indexOf(texts: readonly string[]) {
  const database = new Database(':memory:');
  database.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'")`);
  const insert = database.prepare('INSERT INTO texts (rowid, text) VALUES (?, ?)');
  texts.forEach((text, index) => insert.run(index, pairTokens(text)));
  const search = database.prepare<[string], number>(
    'SELECT rowid FROM texts WHERE text MATCH ? ORDER BY rowid',
  );
  return (text: string) => {
    const query = substringQuery(text);
    return query === undefined ? [] : search.pluck().all(query);
  };
}

test('finds any part of a Korean or English text, of any length', () => {
  const find = indexOf([
    '환불해 주세요',
    '배송은 언제',
    'Where is my parcel?',
    'say "hello" AND \'bye\'',
    '😀 좋아요👍',
    '',
  ]);
  expect(find('환')).toEqual([0]);
  expect(find('불해')).toEqual([0]);
  expect(find('해 주')).toEqual([0]);
  expect(find('요')).toEqual([0, 4]);
  expect(find('PARCEL')).toEqual([2]);
  expect(find('parcel?')).toEqual([2]);
  expect(find('s m')).toEqual([2]);
  expect(find('AND')).toEqual([3]);
  expect(find('hello" AND')).toEqual([3]);
  expect(find('👍')).toEqual([4]);
  expect(find('😀 좋')).toEqual([4]);
  expect(find('송언')).toEqual([]);
  expect(find('   ')).toEqual([]);
});

test('finds what a plain search would, in any text', () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', 'B', '가', '나', ' ', '*', '(', '-', ':', '^', "'"),
    maxLength: 12,
  });
  const plain = (text: string) => text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ');
  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), letters, (texts, wanted) => {
      const query = plain(wanted.trim());
      fc.pre(query !== '');
      const expected = texts.flatMap((text, index) => (plain(`${text} `).includes(query) ? [index] : []));
      expect(indexOf(texts)(wanted)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
