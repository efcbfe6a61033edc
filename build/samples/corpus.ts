import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

interface Utterance {
  readonly userInput: { readonly text: string };
}

function readColumn(file: string, columns: readonly string[]): string[] {
  const rows = parse(readFileSync(file), { columns: true, bom: true, relax_quotes: true }) as Record<
    string,
    string
  >[];
  return rows.flatMap((row) => columns.map((column) => row[column] ?? ''));
}

/**
 * The texts the sample models learn language from: English customer questions (banking77, PolyAI, CC BY 4.0), English
 * rental requests (DSTC8 part, PolyAI, CC BY 4.0) and Korean questions and answers (songys/Chatbot_data, MIT). Questions
 * and answers stand on lines of their own: what answers what is left for fine-tuning to learn.
 */
export function readCorpus(folder: string): string[] {
  const utterances = JSON.parse(
    readFileSync(join(folder, 'rentalcars-spans-train.json'), 'utf8'),
  ) as Utterance[];
  const lines = [
    ...readColumn(join(folder, 'banking77-train.csv'), ['text']),
    ...readColumn(join(folder, 'chatbot-ko.csv'), ['Q', 'A']),
    ...utterances.map((utterance) => utterance.userInput.text),
  ];
  return [...new Set(lines.map((line) => line.trim().normalize('NFC')).filter((line) => line !== ''))];
}
