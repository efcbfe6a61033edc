import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { recordedFiles } from '../../../parity/recordings.ts';

const texts = [
  'the garden gate, and the kettle!',
  'Where did I put the keys yesterday?',
  '어제 정원 열쇠를 꺼 주세요.',
  '  two  spaces\nand a line',
  'émigré 🎉 naïve',
];

describe.each(['wordpiece', 'klue', 'bytelevel', 'kogpt2', 'xlmRoberta', 't5'])('%s', (name) => {
  const tokenizer = loadTokenizer(recordedFiles(`tokenizers/${name}`), `tokenizers/${name}`);

  it.each(texts)('tokens of “%s” lie in their order inside the text', (text) => {
    const placed = tokenizer.locate(text);
    let before = 0;
    for (const { start, end } of placed) {
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
      before = start;
    }
    const visible = placed.filter(({ start, end }) => end > start);
    expect(visible.at(-1)?.end).toBe(text.trimEnd().length);
  });

  it.each(texts.slice(0, 3))('the tokens of “%s” are those of the whole text', (text) => {
    const { ids } = tokenizer.encode(text);
    expect(tokenizer.frame(tokenizer.locate(text).map(({ id }) => id)).ids).toEqual(ids);
    const [first = '', second = ''] = texts;
    const pair = tokenizer.encode(first, { pair: second });
    const idsOf = (part: string) => tokenizer.locate(part).map(({ id }) => id);
    const framed = tokenizer.frame(idsOf(first), idsOf(second));
    expect(framed.ids).toEqual(pair.ids);
    expect(framed.typeIds).toEqual(pair.typeIds);
    expect(framed.ids.slice(framed.firstAt, framed.firstAt + idsOf(first).length)).toEqual(idsOf(first));
    expect(framed.ids.slice(framed.secondAt, framed.secondAt + idsOf(second).length)).toEqual(idsOf(second));
  });
});

it('pieces of words have places of their own', () => {
  const tokenizer = loadTokenizer(recordedFiles('tokenizers/bytelevel'), 'tokenizers/bytelevel');
  const text = '열쇠 garden';
  const pieces = tokenizer.locate(text).map(({ start, end }) => text.slice(start, end));
  expect(new Set(pieces).size).toBeGreaterThan(2);
});
