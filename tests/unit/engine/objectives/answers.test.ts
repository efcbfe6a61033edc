import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../../src-main/engine/data/answers.ts';
import { AnswerSearch, findCandidates } from '../../../../src-main/engine/objectives/answerDecoding.ts';
import { normalizeAnswer, scoreAnswer } from '../../../../src-main/engine/objectives/answerScore.ts';
import { cutWindows } from '../../../../src-main/engine/objectives/answerWindows.ts';
import { loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { recordedFiles } from '../../../parity/recordings.ts';

const tokenizer = loadTokenizer(recordedFiles('tokenizers/wordpiece'), 'tokenizers/wordpiece');
const context = 'turn the kettle off and turn the garden gate on';

describe('answers of a row', () => {
  const base = { question: 'where?', context };
  it('are found in the passage, nearest to where they are said to begin', () => {
    expect(readQuestion({ ...base, answer: 'turn', answerStart: '26' })?.answers).toEqual([
      { text: 'turn', start: 24, end: 28 },
    ]);
    expect(readQuestion({ ...base, answer: 'turn' })?.answers[0]?.start).toBe(0);
  });

  it('may be SQuAD’s lists', () => {
    const answer = '{"text": ["the kettle", "kettle"], "answer_start": [5, 9]}';
    expect(readQuestion({ ...base, answer })?.answers.map(({ start }) => start)).toEqual([5, 9]);
    expect(readQuestion({ ...base, answer: '{"text": [], "answer_start": []}' })?.answers).toEqual([]);
  });

  it('that stand nowhere make the row useless, and none at all says that there is no answer', () => {
    expect(readQuestion({ ...base, answer: 'window' })).toBeNull();
    expect(readQuestion({ ...base, answer: ' ' })?.answers).toEqual([]);
  });
});

describe('windows', () => {
  const answer = 'garden';
  const question = readQuestion({ question: 'where', context, answer });
  it('overlap, cover the passage, and point at the answer where it lies in them whole', () => {
    if (question === null) expect.fail();
    const windows = cutWindows(question, tokenizer, { maximumLength: 10, overlap: 3 });
    expect(windows.length).toBeGreaterThan(2);
    for (const { example, contextAt, tokens } of windows) {
      expect(example.ids.length).toBeLessThanOrEqual(10);
      if (typeof example.target === 'number') expect.fail();
      const [first = 0, last = 0] = example.target;
      if (first === 0) continue;
      const start = tokens[first - contextAt]?.start ?? 0;
      const end = tokens[last - contextAt]?.end ?? 0;
      expect(context.slice(start, end)).toBe(answer);
    }
    const starts = windows.map(({ tokens }) => tokens[0]?.start ?? 0);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(windows.at(-1)?.tokens.at(-1)?.end).toBe(context.length);
    expect(windows.some(({ example }) => typeof example.target !== 'number' && example.target[0] !== 0)).toBe(
      true,
    );
  });

  it('decode to the best pair whose end does not come first', () => {
    if (question === null) expect.fail();
    const [window] = cutWindows(question, tokenizer, { maximumLength: 40, overlap: 0 });
    if (!window) expect.fail();
    const { contextAt } = window;
    const { length } = window.example.ids;
    const logits = (peaks: Readonly<Record<number, number>>) =>
      Array.from({ length }, (_, place) => peaks[place] ?? -5);
    const starts = logits({ [contextAt + 2]: 4, [contextAt + 5]: 6, 1: 9 });
    const ends = logits({ [contextAt + 3]: 5, [contextAt + 1]: 8 });
    const [best] = findCandidates(window, starts, ends, 3);
    expect(best).toMatchObject({ start: window.tokens[2]?.start, end: window.tokens[3]?.end, score: 9 });
    const search = new AnswerSearch();
    search.add(best ? [best] : [], 9.5);
    expect(search.rank(false)[0]).toMatchObject({ start: best?.start });
    expect(search.rank(true)[0]).toMatchObject({ start: 0, end: 0 });
  });
});

describe('answer score', () => {
  it('normalises as SQuAD’s program does', () => {
    expect(normalizeAnswer('The  U.S.-led "an" Army!')).toBe('usled army');
    expect(normalizeAnswer('서울, 대한민국')).toBe('서울 대한민국');
  });

  it('takes the best right answer', () => {
    expect(scoreAnswer('the Saint Bernadette', ['Saint Bernadette Soubirous', 'Bernadette'])).toEqual({
      exactMatch: 0,
      f1: 0.8,
    });
    expect(scoreAnswer('', [])).toEqual({ exactMatch: 1, f1: 1 });
    expect(scoreAnswer('x', [])).toEqual({ exactMatch: 0, f1: 0 });
  });
});
