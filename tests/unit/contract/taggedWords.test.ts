import { describe, expect, it } from 'vitest';
import { spansOfTags, tagsOfSpans, wordsOf } from '../../../src-main/contract/taggedWords.ts';

describe('spans of tags', () => {
  it.each([
    ['IOB2', ['B-PER', 'I-PER', 'O', 'B-LOC'], ['0-2 PER', '3-4 LOC']],
    [
      'IOB1, where B only parts neighbours',
      ['I-PER', 'I-PER', 'B-PER', 'O', 'I-LOC'],
      ['0-2 PER', '2-3 PER', '4-5 LOC'],
    ],
    ['IOBES', ['B-PER', 'E-PER', 'S-LOC', 'S-LOC'], ['0-2 PER', '2-3 LOC', '3-4 LOC']],
    ['BILOU', ['U-LOC', 'B-ORG', 'I-ORG', 'L-ORG'], ['0-1 LOC', '1-4 ORG']],
    ['a change of label begins a span', ['B-PER', 'I-LOC', 'I-LOC'], ['0-1 PER', '1-3 LOC']],
    ['an inside tag after nothing begins one', ['O', 'I-LOC', 'O'], ['1-2 LOC']],
    ['names without marks', ['PER', 'PER', 'O', 'LOC'], ['0-2 PER', '3-4 LOC']],
  ])('%s', (_, tags, expected) => {
    expect(spansOfTags(tags).map(({ start, end, label }) => `${start}-${end} ${label}`)).toEqual(expected);
  });

  it('come back as IOB2, also where spans overlap', () => {
    const units = [0, 1, 2, 3].map((start) => ({ start, end: start + 1 }));
    const tags = ['B-PER', 'I-PER', 'B-PER', 'O'];
    expect(tagsOfSpans(units, spansOfTags(tags))).toEqual(tags);
    const overlapping = [
      { start: 0, end: 2, label: 'PER' },
      { start: 1, end: 4, label: 'LOC' },
    ];
    expect(tagsOfSpans(units, overlapping)).toEqual(['B-PER', 'I-PER', 'B-LOC', 'I-LOC']);
  });
});

it('a text has words in any script', () => {
  const text = '서울에서 3.5km, don’t!';
  expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    '서울에서',
    '3.5km',
    ',',
    'don’t',
    '!',
  ]);
});
