import { describe, expect, it } from 'vitest';
import type { Example } from '../../../../src-main/engine/data/examples.ts';
import { textFacts } from '../../../../src-main/engine/train/textFacts.ts';

const tokenizer = { unknownId: 9, specialIds: new Set([1, 2]) };

/** Texts of two tokens each, between special ones. */
function textsOf(count: number, tokensOf: (index: number) => number[]): Example[] {
  return Array.from({ length: count }, (_, index) => ({
    ids: [1, ...tokensOf(index), 2],
    typeIds: null,
    target: 0,
  }));
}

describe('textFacts', () => {
  it('counts the tokens that the vocabulary lacks', () => {
    const train = textsOf(10, (index) => [index % 2 === 0 ? 9 : 10, 11]);
    const facts = textFacts({ train, validation: [], test: [] }, tokenizer);
    // Five of forty.
    expect(facts).toEqual({ unknownShare: 0.125 });
  });

  it('knows no unknown tokens where a vocabulary has a token for everything', () => {
    const train = textsOf(10, () => [9, 9]);
    const facts = textFacts({ train, validation: [], test: [] }, { ...tokenizer, unknownId: null });
    expect(facts['unknownShare']).toBe(0);
  });

  it('compares held-out rows with what training rows themselves bring', () => {
    // Every other training row has a token of its own, one in four tokens of it with the special ones.
    const train = textsOf(40, (index) => [10, index % 2 === 0 ? 11 : 100 + index]);
    const alike = textsOf(20, (index) => [10, index % 2 === 0 ? 11 : 200 + index]);
    const foreign = textsOf(20, (index) => [300 + index, 400 + index]);
    const facts = textFacts({ train, validation: alike, test: foreign }, tokenizer);
    expect(facts).toEqual({
      unknownShare: 0,
      newTokens: 0.25,
      newTokensValidation: 0.125,
      newTokensTest: 0.5,
    });
  });

  it('says nothing of parts that are too small', () => {
    const train = textsOf(40, () => [10, 11]);
    const facts = textFacts({ train, validation: textsOf(19, () => [12, 13]), test: [] }, tokenizer);
    expect(Object.keys(facts)).toEqual(['unknownShare', 'newTokens']);
  });
});
