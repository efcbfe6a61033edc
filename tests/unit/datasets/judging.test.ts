import { describe, expect, test } from 'vitest';
import { healthOptionsSchema } from '../../../src-main/contract/health.ts';
import { runCheck } from '../../../src-main/datasets/health/checks.ts';
import { crossValidate } from '../../../src-main/datasets/health/crossValidation.ts';
import { type HealthRow, createMaterial } from '../../../src-main/datasets/health/material.ts';
import { findOutliers } from '../../../src-main/datasets/health/outliers.ts';
import { repairEncoding } from '../../../src-main/datasets/health/repairEncoding.ts';
import { reportHealth } from '../../../src-main/datasets/health/report.ts';
import { tidyText, untidinessOf } from '../../../src-main/datasets/health/tidyText.ts';

const subjects = { refund: 'money back', delivery: 'parcel arrive', 계정: '비밀번호를 잊었어요' };
const names = Object.keys(subjects);

/** Sentences that tell their label by one phrase among words common to all. */
function sentences(count: number): { text: string; label: string }[] {
  const fillers = ['please', 'today', 'again', 'my friend', 'quickly', 'at last', 'so far', 'really'];
  return Array.from({ length: count }, (_, row) => {
    const [label, phrase] = Object.entries(subjects)[row % 3] ?? ['', ''];
    const filler = (at: number) => fillers[(row * 5 + at * 3 + Math.floor(row / 7)) % fillers.length] ?? '';
    return { label, text: `${filler(0)} ${phrase} ${filler(1)} ${filler(2)} ${row}` };
  });
}

function material(rows: readonly Partial<HealthRow>[], options = {}, countTokens?: (text: string) => number) {
  return createMaterial(
    rows.map((row, index) => ({ row: index + 1, text: '', label: undefined, split: 'train', ...row })),
    healthOptionsSchema.parse(options),
    countTokens && ((text) => ({ tokens: countTokens(text), unknown: text.match(/\?/g)?.length ?? 0 })),
  );
}

describe('suspected label errors', () => {
  test('a label swapped on purpose is found, with the right one suggested', () => {
    const rows = sentences(180);
    const swapped = [4, 50, 121];
    const given = rows.map((row, index) =>
      swapped.includes(index) ? { ...row, label: names[(names.indexOf(row.label) + 1) % 3] ?? '' } : row,
    );
    const found = runCheck('labelErrors', material(given));
    expect(found?.groups.flatMap((group) => group.rows).sort((one, other) => one - other)).toEqual(swapped);
    for (const {
      rows: [row = 0],
      suggestion,
    } of found?.groups ?? [])
      expect(suggestion).toBe(rows[row]?.label);
    expect(found?.describe({ rows: 3, groups: 3 }).params).toMatchObject({ judged: 180, accuracy: 98 });
  });

  test('labels with too few rows, or only one label, are not judged', () => {
    const rows = sentences(60).map((row) => ({ ...row, label: 'one' }));
    expect(runCheck('labelErrors', material([...rows, { text: 'rare', label: 'two' }]))).toBeUndefined();
  });

  test('the same rows give the same predictions, each probabilities', () => {
    const rows = sentences(90);
    const labels = rows.map(({ label }) => names.indexOf(label));
    const texts = rows.map(({ text }) => text);
    const first = crossValidate(texts, labels, 3);
    expect(crossValidate(texts, labels, 3)).toEqual(first);
    for (const row of first.probabilities)
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
  });

  test('a row is never judged by a classifier that saw its twin', () => {
    // Texts at random with labels at random: only twins in training could tell the label.
    const texts = Array.from({ length: 200 }, (_, row) => `z${Math.imul((row >> 1) + 1, 2654435761) >>> 0}`);
    const labels = texts.map((_, row) => (Math.imul((row >> 1) + 7, 40503) >>> 4) % 2);
    expect(crossValidate(texts, labels, 2).accuracy).toBeLessThan(0.65);
  });
});

test('outliers are far longer, or of pieces no other row has', () => {
  const texts = sentences(120).map(({ text }) => text);
  texts[17] = 'qzxv jwkq xxyz vvkk ppqz';
  texts[60] = `${texts[60]} `.repeat(60);
  expect(findOutliers(texts)).toEqual([17, 60]);
  expect(findOutliers(texts.slice(0, 40))).toEqual([]);
});

test('labels are counted in each split', () => {
  const { labels } = reportHealth(
    material([{ label: 'a' }, { label: 'b', split: 'test' }, { label: 'a', split: 'test' }, { label: 'a' }]),
    [],
  );
  expect(labels).toEqual([
    { label: 'b', count: 1, weight: 2, bySplit: { train: 0, validation: 0, test: 1 } },
    { label: 'a', count: 3, weight: 4 / 6, bySplit: { train: 2, validation: 0, test: 1 } },
  ]);
});

describe('tokens', () => {
  const rows = [{ text: 'a b c' }, { text: 'a ? ? d e f' }, { text: 'a' }];
  const count = (text: string) => text.split(' ').length + 2;
  test('rows that will be cut are found by the limit', () => {
    const found = runCheck('truncatedTexts', material(rows, { maximumTokens: 5 }, count));
    expect(found?.groups).toEqual([{ rows: [1], note: 'a ? ? d e f' }]);
    expect(runCheck('truncatedTexts', material(rows, { maximumTokens: 8 }, count))).toBeUndefined();
  });
  test('unknown ones are a share of all', () => {
    const judged = material(rows, { maximumTokens: 5 }, count);
    const found = runCheck('unknownTokens', judged);
    expect(found?.groups.map((group) => group.rows)).toEqual([[1]]);
    expect(found?.describe({ rows: 1, groups: 1 }).params).toMatchObject({ percent: 12.5 });
    const { tokens } = reportHealth(judged, []);
    expect(tokens).toMatchObject({ maximumTokens: 5, truncated: 1, unknownShare: 2 / 16, perWord: 1.6 });
    expect(tokens?.lengths.counts.reduce((sum, value) => sum + value, 0)).toBe(3);
  });
  test('without a tokenizer there is nothing to say', () => {
    expect(reportHealth(material(rows), []).tokens).toBeNull();
  });
});

describe('repaired texts', () => {
  const asLatin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  test.each([
    [`전: ${asLatin1('한글 문장')}!`, '전: 한글 문장!'],
    ['donâ€™t', 'don’t'],
    [asLatin1(asLatin1('é')), 'é'],
    ['São Paulo, café à 5 °C', 'São Paulo, café à 5 °C'],
    ['a\u0000b\u0092c\td\ne', 'abc\td\ne'],
    ['half \ud83d pair \u{1f600}', 'half  pair \u{1f600}'],
    ['lost \ufffd stays', 'lost \ufffd stays'],
  ])('%j', (text, repaired) => {
    expect(repairEncoding(text)).toBe(repaired);
  });
});

describe('untidy texts', () => {
  test.each([
    ['  a  b ', 'blanks', 'a b'],
    ['a\u00a0b', 'blanks', 'a b'],
    ['a\r\nb', 'blanks', 'a\nb'],
    ['a\u200bb', 'invisible', 'ab'],
    ['한글'.normalize('NFD'), 'form', '한글'],
    ['a b\nc', undefined, 'a b\nc'],
    ['👩‍👧 fine', undefined, '👩‍👧 fine'],
  ])('%j: %s', (text, kind, tidied) => {
    expect(untidinessOf(text)).toBe(kind);
    expect(tidyText(text)).toBe(tidied);
    expect(untidinessOf(tidyText(text))).toBeUndefined();
  });
});
