import { describe, expect, it } from 'vitest';
import { describeProblem, localizeProblem } from '../../../src-main/contract/errors/index.ts';
import { fillText, joinTexts, sameText } from '../../../src-main/contract/text.ts';
import { listMethods } from '../../../src-main/engine/index.ts';

describe('texts in both languages', () => {
  const name = { en: 'Layer freezing', ko: '층 고정' };

  it('fills a sentence with words of its own language and leaves unknown places visible', () => {
    const sentence = { en: '{name}: {count} {other}', ko: '{name}: {count}개 {other}' };
    expect(fillText(sentence, { name, count: 2 })).toEqual({
      en: 'Layer freezing: 2 {other}',
      ko: '층 고정: 2개 {other}',
    });
  });

  it('joins names in each language', () => {
    expect(joinTexts([name, sameText('LoRA')])).toEqual({ en: 'Layer freezing, LoRA', ko: '층 고정, LoRA' });
  });

  it('says a problem with a method’s name as that language calls the method', () => {
    const problem = describeProblem('run.halvesNotForMethod', { method: name });
    expect(problem.message).toContain('Layer freezing');
    expect(localizeProblem(problem, 'ko').message).toContain('층 고정');
    expect(localizeProblem(problem, 'ko').message).not.toContain('Layer');
  });
});

it('every method has a name in both languages, and no two share one', () => {
  for (const language of ['en', 'ko'] as const) {
    const names = listMethods().map(({ spec }) => spec.name[language]);
    expect(new Set(names).size).toBe(names.length);
  }
});
