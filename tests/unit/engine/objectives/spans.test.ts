import { describe, expect, it } from 'vitest';
import { readSpans, readTaggedText } from '../../../../src-main/engine/data/taggedText.ts';
import { startSpanScore } from '../../../../src-main/engine/objectives/spanScore.ts';

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
