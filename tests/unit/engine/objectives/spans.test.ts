import { describe, expect, it } from 'vitest';
import {
  readSpans,
  readTaggedText,
  spansOfTags,
  tagsOfSpans,
  wordsOf,
} from '../../../../src-main/engine/data/taggedText.ts';
import { startSpanScore } from '../../../../src-main/engine/objectives/spanScore.ts';

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

  it('come back as IOB2', () => {
    const units = [0, 1, 2, 3].map((start) => ({ start, end: start + 1 }));
    const tags = ['B-PER', 'I-PER', 'B-PER', 'O'];
    expect(tagsOfSpans(units, spansOfTags(tags))).toEqual(tags);
  });
});

describe('a tagged text', () => {
  it('is read from words and tags, given as lists or with spaces', () => {
    const row = { tokens: '["Kim", "lives", "in", "New York"]', tags: 'B-PER O O B-LOC' };
    const read = readTaggedText(row);
    expect(read?.text).toBe('Kim lives in New York');
    expect(read?.spans).toEqual([
      { start: 0, end: 3, label: 'PER' },
      { start: 13, end: 21, label: 'LOC' },
    ]);
    expect(readTaggedText({ ...row, tags: 'O O' })).toBeNull();
  });

  it('is read from spans as tools write them', () => {
    const cell = '[{"start":4,"end":6,"entity":"B"},[0,2,"A"],{"start":5,"end":5,"label":"empty"},7]';
    expect(readSpans(cell)).toEqual([
      { start: 0, end: 2, label: 'A' },
      { start: 4, end: 6, label: 'B' },
    ]);
    expect(readTaggedText({ text: 'x', spans: 'none' })).toBeNull();
  });

  it('has words in any script', () => {
    const text = '서울에서 3.5km, don’t!';
    expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      '서울에서',
      '3.5km',
      ',',
      'don’t',
      '!',
    ]);
  });
});

describe('span score', () => {
  it('counts as seqeval does in its example', () => {
    // https://github.com/chakki-works/seqeval: f1_score 0.5, accuracy 0.80; MISC 0 of 1, PER 1 of 1.
    const score = startSpanScore(['MISC', 'PER']);
    const wanted = [
      ['O', 'O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    const found = [
      ['O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    score.add(2, found, wanted);
    const { metrics, confusion } = score.finish();
    expect(metrics).toEqual({ loss: 2, f1: 0.5, precision: 0.5, recall: 0.5, tokenAccuracy: 0.8 });
    expect(confusion).toEqual({
      labels: ['MISC', 'PER', 'O'],
      counts: [
        [0, 0, 1],
        [0, 1, 0],
        [1, 0, 0],
      ],
    });
  });
});
