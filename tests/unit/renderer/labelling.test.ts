import { describe, expect, test } from 'vitest';
import {
  commandKeys,
  keyName,
  keyOfEvent,
  keyProblems,
  labelKeys,
  withKeys,
} from '../../../src-main/contract/labelKeys.ts';
import type { LabelRecord } from '../../../src-main/contract/labels.ts';
import { ActionLine } from '../../../src-renderer/features/label/actionLine.ts';
import { pendingWrites } from '../../../src-renderer/rpc/pendingWrites.ts';
import { withAction } from '../../../src-renderer/features/label/optimistic.ts';
import {
  moveByWord,
  moveEnd,
  piecesOf,
  toggleSpan,
  wordsOf,
} from '../../../src-renderer/features/label/spans.ts';

describe('keys', () => {
  test('digits come first, no label gets a key a command has, and those beyond the keys have none', () => {
    const labels = withKeys(
      Array.from({ length: 40 }, (_, index) => ({ name: `label ${index}`, key: null })),
    );
    expect(labels.slice(0, 11).map(({ key }) => keyName(key ?? ''))).toEqual([...'1234567890Q']);
    const given = labels.flatMap(({ key }) => (key === null ? [] : [key]));
    expect(new Set(given).size).toBe(given.length);
    expect(given.filter((key) => key in commandKeys)).toEqual([]);
    expect(given).toEqual(labelKeys);
    expect(keyProblems(labels)).toEqual([]);
  });

  test('a chosen key stays, and the others go around it', () => {
    const labels = withKeys([
      { name: 'a', key: null },
      { name: 'b', key: 'Digit1' },
    ]);
    expect(labels.map(({ key }) => key)).toEqual(['Digit2', 'Digit1']);
  });

  test('clashes name who has the key', () => {
    const problems = keyProblems([
      { name: 'a', key: 'KeyQ' },
      { name: 'b', key: 'KeyQ' },
      { name: 'c', key: 'KeyZ' },
      { name: 'd', key: 'F5' },
    ]);
    expect(problems).toEqual([
      { label: 'b', key: 'Q', taken: 'a' },
      { label: 'c', key: 'Z', taken: 'undo' },
      { label: 'd', key: 'F5', taken: 'F5' },
    ]);
  });

  test('the number pad counts as the digits', () => {
    expect(keyOfEvent('Numpad7')).toBe('Digit7');
    expect(keyOfEvent('NumpadEnter')).toBe('NumpadEnter');
  });
});

describe('spans', () => {
  const text = '김철수는 서울에서 일한다';

  test('a span that overlaps gives way, the very same one is taken away', () => {
    const name = { start: 0, end: 3, label: 'person' };
    const place = { start: 5, end: 7, label: 'place' };
    expect(toggleSpan([place], name)).toEqual([name, place]);
    expect(toggleSpan([name, place], name)).toEqual([place]);
    const wide = { start: 2, end: 6, label: 'place' };
    expect(toggleSpan([name, place], wide)).toEqual([wide]);
  });

  test('pieces put together are the text, also where spans are wrong', () => {
    const spans = [
      { start: 5, end: 7, label: 'place' },
      { start: 0, end: 3, label: 'person' },
      { start: 2, end: 6, label: 'overlaps' },
      { start: 9, end: 99, label: 'outside' },
    ];
    const pieces = piecesOf(text, spans);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    expect(pieces.filter(({ span }) => span).map((piece) => [piece.text, piece.span?.label])).toEqual([
      ['김철수', 'person'],
      ['서울', 'place'],
    ]);
  });

  test('the keyboard moves by words, extends, and cuts a particle off', () => {
    const words = wordsOf(text);
    const read = (at: { start: number; end: number } | undefined) => at && text.slice(at.start, at.end);
    const first = moveByWord(words, undefined, 1, false);
    const second = moveByWord(words, first, 1, false);
    expect([read(first), read(second)]).toEqual(['김철수는', '서울에서']);
    expect(read(moveByWord(words, first, 1, true))).toBe('김철수는 서울에서');
    expect(read(moveByWord(words, second, -1, false))).toBe('김철수는');
    expect(read(moveByWord(words, words.at(-1), 1, false))).toBe('일한다');
    const both = moveByWord(words, first, 1, true);
    expect(read(moveByWord(words, both, -1, true))).toBe('김철수는');
    expect(read(moveEnd(moveEnd(second ?? { start: 0, end: 1 }, -1, text.length), -1, text.length))).toBe(
      '서울',
    );
    expect(moveEnd({ start: 4, end: 5 }, -1, text.length)).toEqual({ start: 4, end: 5 });
  });
});

test('what is shown after an action is what the host will say', () => {
  const record: LabelRecord = {
    number: 1,
    status: 'pending',
    split: 'train',
    fields: { text: 'a' },
    answer: null,
    suggestion: { kind: 'labels', labels: ['x'] },
    score: null,
    flagged: false,
    note: null,
    length: 1,
    deleted: false,
  };
  const records = [record, { ...record, number: 2, suggestion: null }];
  const target = { numbers: [1, 2] };
  expect(withAction(records, { kind: 'accept', target })).toMatchObject([
    { status: 'labelled', answer: { labels: ['x'] } },
    { status: 'pending', answer: null },
  ]);
  const answer = { kind: 'labels' as const, labels: ['y'] };
  expect(withAction(records, { kind: 'label', target: { numbers: [2] }, answer, draft: true })).toMatchObject(
    [{ status: 'pending' }, { status: 'draft', answer }],
  );
  expect(withAction(records, { kind: 'discard', target: { filter: {} } })).toBe(records);
});

test('calls reach the host in the order they were made, also after one that failed', async () => {
  const line = new ActionLine();
  const seen: number[] = [];
  const call = (number: number, fails = false) =>
    line.add(async () => {
      await Promise.resolve();
      seen.push(number);
      if (fails) throw new Error('refused');
      return number;
    });
  const calls = [call(1), call(2, true), call(3)];
  await expect(calls[1]).rejects.toThrow('refused');
  await line.settled();
  expect(seen).toEqual([1, 2, 3]);
  expect(await calls[2]).toBe(3);
});

test('what is read waits for every change that was on its way, also for one that is refused', async () => {
  const line = new ActionLine();
  const seen: string[] = [];
  const answers: (() => void)[] = [];
  const write = (name: string) =>
    line.add(async () => {
      await new Promise<void>((resolve) => answers.push(resolve));
      seen.push(name);
      if (name === 'refused') throw new Error(name);
    });
  write('first').catch(() => undefined);
  write('refused').catch(() => undefined);
  const read = pendingWrites.settled().then(() => seen.push('read'));
  expect(pendingWrites.any).toBe(true);
  for (let answered = 0; answered < 2; answered++) {
    await expect.poll(() => answers.length).toBe(answered + 1);
    answers[answered]?.();
  }
  await read;
  expect(seen).toEqual(['first', 'refused', 'read']);
  expect(pendingWrites.any).toBe(false);
});
