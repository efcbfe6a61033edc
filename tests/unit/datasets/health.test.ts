import { describe, expect, test } from 'vitest';
import { imbalanceRatio, measureClassBalance } from '../../../src-main/datasets/health/classImbalance.ts';
import { findConflictingLabels } from '../../../src-main/datasets/health/conflictingLabels.ts';
import { damageOf } from '../../../src-main/datasets/health/encodingDamage.ts';
import { measureLanguageMix, scriptOf } from '../../../src-main/datasets/health/languageMix.ts';
import { findLeakage } from '../../../src-main/datasets/health/leakage.ts';
import {
  findPersonalData,
  isResidentNumber,
  maskPersonalData,
  passesLuhn,
} from '../../../src-main/datasets/health/personalData.ts';
import { findEmptyTexts, findLongTexts, histogramOf } from '../../../src-main/datasets/health/textLengths.ts';
import { findScarceLabels } from '../../../src-main/datasets/health/tooLittleData.ts';

describe('groups of duplicates', () => {
  test('leak where their rows are in different splits', () => {
    const splits = ['train', 'train', 'test', 'validation', 'validation'] as const;
    expect(findLeakage([[0, 1], [1, 2], [3, 4]], splits)).toEqual([[1, 2]]); // prettier-ignore
  });
  test('conflict where their labels differ', () => {
    const labels = ['a', 'a', 'b', 'a'];
    expect(findConflictingLabels([[0, 1], [1, 2, 3]], labels)).toEqual([{ rows: [1, 2, 3], labels: ['a', 'b'] }]); // prettier-ignore
  });
});

test('classes are weighed so that each counts alike', () => {
  const balance = measureClassBalance(['a', 'a', 'a', 'b']);
  expect(balance).toEqual([
    { label: 'b', count: 1, weight: 2 },
    { label: 'a', count: 3, weight: 4 / 6 },
  ]);
  expect(balance.reduce((sum, { count, weight }) => sum + count * weight, 0)).toBeCloseTo(4, 12);
  expect(imbalanceRatio(balance)).toBe(3);
});

test('lengths', () => {
  expect(findEmptyTexts(['a', ' ', '?!', '안', '😀', '5'])).toEqual([1, 2]);
  expect(findLongTexts([3, 5, 4], 4)).toEqual([1]);
  expect(histogramOf([0, 1, 5, 9], 5)).toEqual({ width: 2, counts: [2, 0, 1, 0, 1] });
});

describe('encoding damage', () => {
  const asLatin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  test.each([
    ['fine, café, naïve, Ünïcödé, 한글 “quotes” – dash €5', undefined],
    ['São Paulo à 5 °C, «bien sûr», ÀÉÎ', undefined],
    ['two\nlines\tand a tab', undefined],
    ['a \ufffd here', 'replacement'],
    [asLatin1('한글 문장'), 'mojibake'],
    [`word ${asLatin1('café')} word`, 'mojibake'],
    ['donâ€™t', 'mojibake'],
    ['a\u0000b', 'control'],
    ['a\u0092b', 'control'],
    ['half \ud83d pair', 'loneSurrogate'],
  ])('%j: %s', (text, kind) => {
    expect(damageOf(text)).toBe(kind);
  });
});

describe('languages', () => {
  test.each([
    ['How are you?', 'Latin'],
    ['AI로 요약하는 방법', 'Hangul'],
    ['東京へ行きます', 'Kana'],
    ['我爱北京', 'Han'],
    ['Привет', 'Cyrillic'],
    ['12345 :)', undefined],
  ])('%s is written in %s', (text, script) => {
    expect(scriptOf(text)).toBe(script);
  });
  test('are listed by how often they come', () => {
    expect(measureLanguageMix(['a', '안녕', '그래', '1'])).toEqual({
      main: 'Hangul',
      scripts: [
        { script: 'Hangul', rows: [1, 2] },
        { script: 'Latin', rows: [0] },
      ],
    });
  });
});

describe('personal data', () => {
  test('check digits', () => {
    expect(['79927398713', '4111111111111111', '378282246310005'].map(passesLuhn)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['79927398710', '4111111111111112'].map(passesLuhn)).toEqual([false, false]);
    expect(isResidentNumber('9001011234568')).toBe(true);
    expect(isResidentNumber('9001011234567')).toBe(false);
    expect(isResidentNumber('9001015234561')).toBe(true);
    // No such day; and from October 2020 on the last digits are by chance.
    expect(isResidentNumber('9002301234568')).toBe(false);
    expect(isResidentNumber('2011013123450')).toBe(true);
  });

  test.each([
    ['Write to kim.min-su+work@example.co.kr, please', ['email kim.min-su+work@example.co.kr']],
    ['메일은 hong@예시.한국 입니다', ['email hong@예시.한국']],
    ['010-1234-5678로 전화 주세요. 02)123-4567', ['phone 010-1234-5678', 'phone 02)123-4567']],
    [
      '+82 10 1234 5678 or +1 (415) 555-2671 or (415) 555-2671',
      ['phone +82 10 1234 5678', 'phone +1 (415) 555-2671', 'phone (415) 555-2671'],
    ],
    ['주민번호 900101-1234568 맞나요', ['residentNumber 900101-1234568']],
    ['card 4111 1111 1111 1111, exp 12/30', ['card 4111 1111 1111 1111']],
    ['order 4111 1111 1111 1112 of 2024-01-31, 12,345,678 won, v1.2.3, ISBN 978-3-16-148410-0', []],
    ['a@b, @name, 3.14159265358979, 192.168.0.1, 20240131123456', []],
  ])('%s', (text, expected) => {
    expect(findPersonalData(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)).toEqual(
      expected,
    );
  });

  test('is masked in place', () => {
    const text = 'Mail kim@example.com or call 010-1234-5678.';
    const masked = maskPersonalData(text);
    expect(masked).toBe('Mail ***@*******.*** or call ***-****-****.');
    expect(findPersonalData(masked)).toEqual([]);
  });
});

test('labels with too few rows for what is trained', () => {
  const labels = [...Array<string>(40).fill('a'), ...Array<string>(10).fill('b')];
  expect(findScarceLabels(labels, 'head')).toEqual([]);
  expect(findScarceLabels(labels, 'adapter')).toEqual([{ label: 'b', count: 10 }]);
  expect(findScarceLabels(labels, 'full').map(({ label }) => label)).toEqual(['b', 'a']);
});
