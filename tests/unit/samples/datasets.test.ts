import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const folder = new URL('../../../resources/samples/datasets/', import.meta.url);
const labels = ['calendar', 'cleaning', 'climate', 'cooking', 'lighting', 'music', 'shopping', 'travel'];
const hangul = /\p{Script=Hangul}/u;

const languageSchema = z.enum(['ko', 'en']);
const requestSchema = z.strictObject({
  text: z.string().min(1),
  label: z.string().min(1),
  language: languageSchema,
  split: z.enum(['train', 'validation', 'test']),
});
const answerSchema = z.strictObject({
  question: z.string().min(1).max(60),
  answer: z.string().min(1).max(120),
  language: languageSchema,
});

/** Text of a sample file, refusing bytes that are not UTF-8. */
function readSample(name: string): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    readFileSync(new URL(name, folder)),
  );
}

function countBy<Row>(rows: readonly Row[], key: (row: Row) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}

/** Texts that differ only in case, spaces or punctuation would leak between splits. */
function findRepeats(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.filter((text) => {
    const bare = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    const repeated = seen.has(bare);
    seen.add(bare);
    return repeated;
  });
}

function findUntrimmed(texts: readonly string[]): string[] {
  return texts.filter((text) => text !== text.trim().normalize('NFC') || /\s{2}|[\r\n\t]/.test(text));
}

const requestsText = readSample('household-requests.csv');
const requests = z.array(requestSchema).parse(parse(requestsText, { columns: true }));
const answersText = readSample('kitchen-answers.jsonl');
const answers = answersText
  .trimEnd()
  .split('\n')
  .map((line) => answerSchema.parse(JSON.parse(line)));

describe('household requests', () => {
  it('has the documented header, LF line ends and no byte order mark', () => {
    expect(requestsText.split('\n', 1)[0]).toBe('text,label,language,split');
    expect(requestsText).not.toContain('\r');
    expect(requestsText.endsWith('\n')).toBe(true);
  });

  it('has eight labels with sixty rows in each language', () => {
    const expected = labels.flatMap((label) => [
      [`${label} ko`, 60],
      [`${label} en`, 60],
    ]);
    expect(countBy(requests, (row) => `${row.label} ${row.language}`)).toEqual(Object.fromEntries(expected));
  });

  it('holds 70, 10 and 20 percent of every label in each language', () => {
    for (const label of labels) {
      for (const language of languageSchema.options) {
        const rows = requests.filter((row) => row.label === label && row.language === language);
        const splits = countBy(rows, (row) => row.split);
        expect(splits, `${label} ${language}`).toEqual({ train: 42, validation: 6, test: 12 });
      }
    }
  });

  it('repeats no text and leaves no stray spaces', () => {
    const texts = requests.map((row) => row.text);
    expect(findRepeats(texts)).toEqual([]);
    expect(findUntrimmed(texts)).toEqual([]);
  });

  it('names the language each text is written in', () => {
    expect(requests.filter((row) => hangul.test(row.text) !== (row.language === 'ko'))).toEqual([]);
  });
});

describe('kitchen answers', () => {
  it('has 121 pairs in each language', () => {
    expect(countBy(answers, (row) => row.language)).toEqual({ ko: 121, en: 121 });
    expect(answersText).not.toContain('\r');
  });

  it('repeats no question or answer and leaves no stray spaces', () => {
    expect(findRepeats(answers.map((row) => row.question))).toEqual([]);
    expect(findRepeats(answers.map((row) => row.answer))).toEqual([]);
    expect(findUntrimmed(answers.flatMap((row) => [row.question, row.answer]))).toEqual([]);
  });

  it('names the language each pair is written in', () => {
    const mislabelled = answers.filter((row) =>
      [row.question, row.answer].some((text) => hangul.test(text) !== (row.language === 'ko')),
    );
    expect(mislabelled).toEqual([]);
  });
});
