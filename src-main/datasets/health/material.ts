import { type Fields, type Split, largestLabelCount } from '../../contract/datasets.ts';
import type { Problem } from '../../contract/errors/index.ts';
import type { HealthCheck, HealthFinding, HealthOptions, RowReference } from '../../contract/health.ts';
import { originOf } from '../../contract/origin.ts';
import { findExactDuplicates } from './exactDuplicates.ts';
import { findNearDuplicates } from './nearDuplicates.ts';

/** A row as it is judged. */
export interface HealthRow extends RowReference {
  readonly text: string;
  /** Undefined where no column is the label. */
  readonly label: string | undefined;
  readonly split: Split;
  /** What a model wrote, and what it wrote it after, share one. */
  readonly families?: readonly string[];
  /** A model wrote it. */
  readonly synthetic?: boolean;
}

/** What a row's origin says about it. */
export function originFacts(fields: Fields): Pick<HealthRow, 'families' | 'synthetic'> {
  const origin = originOf(fields);
  return origin === undefined ? {} : { families: origin.families, synthetic: origin.model !== undefined };
}

/** Tokens of a text as a base model's tokenizer counts them. */
export interface TokenCount {
  /** With the special tokens around the text. */
  readonly tokens: number;
  /** Those that stand for something the tokenizer does not know. */
  readonly unknown: number;
}
export type CountTokens = (text: string) => TokenCount;

/** Rows that belong together, by their index. */
export interface Group {
  readonly rows: readonly number[];
  /** What they share: a label, a kind, a text. */
  readonly note: string;
  /** The label a classifier would give them. */
  readonly suggestion?: string;
}

export interface Found {
  readonly severity: HealthFinding['severity'];
  readonly groups: readonly Group[];
  describe(counts: { rows: number; groups: number }): Problem;
}

/** All rows, and what several checks make of them, made once. */
export interface Material {
  readonly rows: readonly HealthRow[];
  readonly texts: readonly string[];
  readonly lengths: readonly number[];
  readonly splits: readonly Split[];
  /** The label of each row; undefined where no column is the label. */
  readonly labels: readonly string[] | undefined;
  readonly options: HealthOptions;
  /** Groups of rows with the same text. */
  exact(): readonly (readonly number[])[];
  /** Groups of rows with nearly the same text, the same text among them. */
  near(): readonly (readonly number[])[];
  /** By row; undefined without a tokenizer. */
  tokens(): readonly TokenCount[] | undefined;
}

/** Looks for one kind of fault; undefined where there is none. */
export type Check = (material: Material) => Found | undefined;
/** Checks that look at rows; rows that could not be read are found while reading. */
export type RowCheck = Exclude<HealthCheck, 'unusableRows'>;

const noteLength = 80;

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The label of each row; undefined where no column is the label, or it holds measures. */
function labelsOf(rows: readonly HealthRow[]): readonly string[] | undefined {
  if (rows.every(({ label }) => label === undefined)) return undefined;
  const labels = rows.map(({ label = '' }) => label);
  return new Set(labels).size > largestLabelCount ? undefined : labels;
}

export function createMaterial(
  rows: readonly HealthRow[],
  options: HealthOptions,
  countTokens?: CountTokens,
): Material {
  const texts = rows.map(({ text }) => text);
  return {
    rows,
    texts,
    lengths: texts.map((text) => text.length),
    splits: rows.map(({ split }) => split),
    labels: labelsOf(rows),
    options,
    exact: once(() => findExactDuplicates(texts)),
    near: once(() => findNearDuplicates(texts, { threshold: options.nearDuplicateThreshold })),
    tokens: once(() => (countTokens === undefined ? undefined : texts.map(countTokens))),
  };
}

/** The beginning of a row's text. */
export function noteOf({ texts }: Material, row: number | undefined): string {
  return (texts[row ?? 0] ?? '').slice(0, noteLength);
}

/** Groups named by the text of their first row. */
export function withNotes(material: Material, groups: readonly (readonly number[])[]): Group[] {
  return groups.map((rows) => ({ rows, note: noteOf(material, rows[0]) }));
}

/** Each row a group of its own. */
export function singly(material: Material, rows: readonly number[]): Group[] {
  return withNotes(
    material,
    rows.map((row) => [row]),
  );
}

/** Rows gathered by what they share, commonest first. */
export function groupBy(items: readonly { readonly row: number; readonly kind: string }[]): Group[] {
  const groups = new Map<string, number[]>();
  for (const { row, kind } of items) {
    const rows = groups.get(kind);
    if (rows === undefined) groups.set(kind, [row]);
    else rows.push(row);
  }
  return [...groups]
    .map(([note, rows]) => ({ note, rows }))
    .sort((one, other) => other.rows.length - one.rows.length);
}
