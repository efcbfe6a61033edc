import { type ColumnMapping, type Fields, type Split, textOf } from '../contract/datasets.ts';
import { TunebenchError } from '../contract/errors/index.ts';
import type { ColumnRole } from '../contract/methods.ts';
import { type Origin, originColumn, originOf } from '../contract/origin.ts';
import type { AcceptedTexts } from '../contract/synthetic.ts';
import { normalizeText } from './health/normalize.ts';
import { drawUniform } from './splits.ts';
import type { DatasetRecord, TextHash } from './versionHash.ts';

/** Parts whose text can be written anew while the rest of the row stays right, the most usual first. */
const writtenRoles: readonly ColumnRole[] = ['text', 'question', 'prompt', 'completion', 'textPair'];

/**
 * The column that a model is to write.
 * @throws TunebenchError `datasets.noExpandableColumn` where its texts have marked places, or play no such part
 */
export function expandedColumn(
  { name, mapping: { roles } }: { readonly name: string; readonly mapping: ColumnMapping },
  wanted: string | undefined,
): string {
  const marked = roles.spans !== undefined || roles.tags !== undefined;
  const known = writtenRoles.flatMap((role) => (marked && role === 'text' ? [] : (roles[role] ?? [])));
  const column = wanted ?? known[0];
  if (column !== undefined && known.includes(column)) return column;
  const params = { column: wanted ?? roles.text ?? '–', name, known: known.join(', ') || '–' };
  throw new TunebenchError('datasets.noExpandableColumn', params);
}

/** A row that a person wrote, as others are written after it. */
export interface SourceRow {
  /** From 1. */
  readonly row: number;
  readonly split: Split;
  readonly text: string;
  readonly label: string;
}

/**
 * The instruction for one row: its text, label and examples in their places.
 * @throws TunebenchError `datasets.templateWithoutText`
 */
export function fillInstruction(template: string, source: SourceRow, examples: readonly SourceRow[]): string {
  if (!/\{(?:text|examples)\}/.test(template)) {
    throw new TunebenchError('datasets.templateWithoutText', { text: '{text}', examples: '{examples}' });
  }
  const values: Readonly<Record<string, string>> = {
    text: source.text,
    label: source.label,
    examples: examples.map(({ text }) => text).join('\n'),
  };
  return template.replace(/\{(text|label|examples)\}/g, (place, name: string) => values[name] ?? place);
}

/** Rows in an order drawn by a seed: the first `count` of them. */
export function drawRows<Row extends { readonly row: number }>(
  rows: readonly Row[],
  count: number,
  seed: number,
  stream: number,
): Row[] {
  return rows
    .map((row) => ({ row, draw: drawUniform(seed, stream, row.row) }))
    .sort((one, other) => one.draw - other.draw || one.row.row - other.row.row)
    .slice(0, count)
    .map(({ row }) => row);
}

const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['‘', '’'],
  ['「', '」'],
  ['『', '』'],
];

/** What a model wrote without blanks, a list's mark before it and quotation marks around it. */
export function tidyAnswer(text: string): string {
  const bare = text.trim().replace(/^(?:[-*•]|\d+[.)])\s+/u, '');
  const pair = quotes.find(
    ([open, close]) => bare.length > 1 && bare.startsWith(open) && bare.endsWith(close),
  );
  return pair === undefined ? bare : bare.slice(1, -1).trim();
}

/** Tells which texts are new: neither among those known from the start nor given before. */
export function createNoveltyCheck(known: Iterable<string>): (text: string) => boolean {
  const seen = new Set<string>();
  for (const text of known) seen.add(normalizeText(text));
  return (text) => {
    const key = normalizeText(text);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}

/** The family of a row that has none yet: the same for the same content. */
function nameFamily(fields: Fields, hash: TextHash): string {
  hash.update(JSON.stringify(Object.entries(fields).filter(([name]) => name !== originColumn)));
  return hash.digest().slice(0, 12);
}

/**
 * The records with accepted texts behind them: each with the fields of the row it was made from, in that row's split,
 * marked with where it comes from. Rows that others were made from get the mark of their family.
 * @param version hash of the version that rows are counted in
 */
export function* withAcceptedTexts(
  records: Iterable<DatasetRecord>,
  { column, model, template, texts }: AcceptedTexts,
  version: string,
  createHash: () => TextHash,
): Generator<DatasetRecord> {
  const used = new Set(texts.flatMap(({ row, examples }) => [row, ...examples]));
  const sources = new Map<number, DatasetRecord & { readonly families: readonly string[] }>();
  let row = 0;
  for (const record of records) {
    row++;
    if (!used.has(row)) {
      yield record;
      continue;
    }
    const known = originOf(record.fields);
    const families = known?.families.length ? known.families : [nameFamily(record.fields, createHash())];
    const marked = { ...record.fields, [originColumn]: { ...known, families } };
    sources.set(row, { ...record, families });
    yield { ...record, fields: marked };
  }
  for (const { text, row: from, examples, seed, edited } of texts) {
    const source = sources.get(from);
    if (source === undefined) continue;
    const families = [from, ...examples].flatMap((one) => sources.get(one)?.families ?? []);
    const origin: Origin = {
      families: [...new Set(families)],
      model,
      prompt: template,
      row: from,
      version,
      seed,
      ...(edited ? { edited } : {}),
    };
    yield { split: source.split, fields: { ...source.fields, [column]: text, [originColumn]: origin } };
  }
}

/** What a row gives to a model that writes after it; undefined for a row that a model wrote. */
export function sourceRow(
  fields: Fields,
  place: { readonly row: number; readonly split: Split },
  column: string,
  { roles }: ColumnMapping,
): SourceRow | undefined {
  const text = textOf(fields[column]);
  if (text.trim() === '' || originOf(fields)?.model !== undefined) return undefined;
  return { ...place, text, label: roles.label === undefined ? '' : textOf(fields[roles.label]) };
}
