import { describe, expect, it } from 'vitest';
import {
  failureCodes,
  message,
  messageCodes,
  sentences,
  standalone,
  terminalLanguage,
} from '../../../build/setup/messages.mjs';

const placesOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe('messages', () => {
  it.each(messageCodes)('%s has the same places in both languages', (code) => {
    expect(placesOf(sentences[code].ko)).toEqual(placesOf(sentences[code].en));
  });

  it.each(messageCodes)('%s is Korean in Korean', (code) => {
    expect(sentences[code].ko).toMatch(/[가-힣]/);
    expect(sentences[code].en).not.toMatch(/[가-힣]/);
  });

  it.each(failureCodes)('%s is a whole sentence', (code) => {
    expect(sentences[code].en).toMatch(/\.$/);
    expect(sentences[code].ko).toMatch(/\.$/);
  });

  it('fills places and leaves unknown ones visible', () => {
    expect(message('nodeTooOld', { found: 'v16.0.0' }, 'en')).toContain('Node v16.0.0 is too old');
    expect(message('nodeTooOld', {}, 'en')).toContain('{found}');
  });

  it('speaks the language of the terminal', () => {
    expect(terminalLanguage({ LANG: 'ko_KR.UTF-8' })).toBe('ko');
    expect(terminalLanguage({ LC_ALL: 'en_US.UTF-8', LANG: 'ko_KR.UTF-8' })).toBe('en');
    expect(terminalLanguage({})).toBe('en');
  });

  it('starts a sentence that stands alone with a capital', () => {
    expect(standalone('no npm was found.')).toBe('No npm was found.');
  });
});
