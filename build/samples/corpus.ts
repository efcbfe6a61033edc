import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

interface Utterance {
  readonly userInput: { readonly text: string };
}

function readRows(file: string): Record<string, string>[] {
  return parse(readFileSync(file), { columns: true, bom: true, relax_quotes: true });
}

export interface Corpus {
  /** Every text once. */
  readonly lines: readonly string[];
  /** Two texts that mean or ask much the same, or a question and its answer. */
  readonly pairs: readonly (readonly [string, string])[];
}

const clean = (text: string | undefined) => (text ?? '').trim().normalize('NFC');

/** Each text with the next one of its category. */
function pairWithin(rows: readonly { text: string; category: string }[]): [string, string][] {
  const categories = Map.groupBy(rows, (row) => row.category);
  return [...categories.values()].flatMap((group) =>
    group.map(({ text }, index): [string, string] => [text, group[(index + 1) % group.length]?.text ?? text]),
  );
}

/**
 * The texts the sample models learn language from: English customer questions (banking77, PolyAI, CC BY 4.0), English
 * rental requests (DSTC8 part, PolyAI, CC BY 4.0) and Korean questions and answers (songys/Chatbot_data, MIT). Questions
 * and answers stand on lines of their own: what answers what is left for fine-tuning the decoder to learn.
 */
export function readCorpus(folder: string): Corpus {
  const utterances: Utterance[] = JSON.parse(
    readFileSync(join(folder, 'rentalcars-spans-train.json'), 'utf8'),
  );
  const questions = readRows(join(folder, 'banking77-train.csv')).map((row) => ({
    text: clean(row['text']),
    category: row['category'] ?? '',
  }));
  const chats = readRows(join(folder, 'chatbot-ko.csv')).map(
    (row) => [clean(row['Q']), clean(row['A'])] as const,
  );
  const lines = [
    ...questions.map((row) => row.text),
    ...chats.flat(),
    ...utterances.map((utterance) => clean(utterance.userInput.text)),
  ];
  return {
    lines: [...new Set(lines)].filter((line) => line !== ''),
    pairs: [...pairWithin(questions), ...chats],
  };
}
