import type { Fields } from '../../contract/datasets.ts';

/** The columns that hold what a model is asked and what it should answer. */
export interface PromptColumns {
  readonly prompt: string | undefined;
  readonly completion: string | undefined;
}

/** One way to lay out conversations or preferences in the columns of a row. */
export interface Shape {
  /** Whether columns of these names, filled as in these rows, are laid out this way. */
  recognizes(columns: readonly string[], sample: readonly Fields[]): boolean;
  /** The columns with those that `expand` adds. */
  addColumns(columns: readonly string[]): string[];
  /** The fields with prompt and completion made from them; undefined for a row of another layout. */
  expand(fields: Fields): Fields | undefined;
  /** The fields laid out this way. What nothing is made from or of stays as it is. */
  collapse(fields: Fields, columns: PromptColumns): Fields;
}

/** Fields without some of them. */
export function withoutFields(fields: Fields, names: readonly (string | undefined)[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

export function addNames(columns: readonly string[], names: readonly string[]): string[] {
  return [...columns, ...names.filter((name) => !columns.includes(name))];
}
