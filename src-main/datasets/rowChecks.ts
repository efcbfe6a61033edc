import {
  type ColumnMapping,
  type FieldValue,
  type Fields,
  type RowProblems,
  type Split,
  textOf,
} from '../contract/datasets.ts';
import { type Problem, describeProblem } from '../contract/errors/index.ts';
import { originColumn, originOf } from '../contract/origin.ts';
import type { RawRow } from './codecs/codec.ts';
import { listedProblems } from './source.ts';
import { readSplitName } from './splits.ts';

/** A usable row, with what its columns say about it. */
export interface CheckedRow {
  readonly fields: Fields;
  /** Empty where no column is the label. */
  readonly label: string;
  /** Undefined where neither column nor file decides it. */
  readonly split: Split | undefined;
}
export type RowVerdict = { readonly row: CheckedRow } | { readonly line: number; readonly problem: Problem };

const isBlank = (value: FieldValue | undefined): boolean => textOf(value).trim() === '';

/** Makes the check of rows for a mapping. Blanks around labels are cut off: they would count as labels of their own. */
export function createRowCheck(mapping: ColumnMapping, fileSplit?: Split): (raw: RawRow) => RowVerdict {
  const {
    label: labelColumn,
    spans: _spans,
    tags: _tags,
    answer: _answer,
    answerStart: _start,
    ...textColumns
  } = mapping.roles;
  const needed = Object.values(textColumns).filter((column) => column !== undefined);
  const { splitColumn } = mapping;
  return (raw) => {
    const { line } = raw;
    if (raw.problem !== undefined) return { line, problem: raw.problem };
    const empty = needed.find((column) => isBlank(raw.fields[column]));
    if (empty !== undefined) {
      return { line, problem: describeProblem('datasets.emptyText', { line, column: empty }) };
    }
    const label = labelColumn === undefined ? '' : textOf(raw.fields[labelColumn]).trim();
    if (labelColumn !== undefined && label === '') {
      return { line, problem: describeProblem('datasets.missingLabel', { line, column: labelColumn }) };
    }
    let split = fileSplit;
    const value = splitColumn === undefined ? undefined : raw.fields[splitColumn];
    if (split === undefined && splitColumn !== undefined && value !== undefined && !isBlank(value)) {
      split = readSplitName(textOf(value));
      if (split === undefined) {
        const params = { line, column: splitColumn, value: textOf(value).slice(0, 80) };
        return { line, problem: describeProblem('datasets.unknownSplit', params) };
      }
    }
    const origin = originOf(raw.fields);
    // Nothing else says the split: rows that a model wrote, and those it wrote them after, are to train on.
    if (origin !== undefined) split ??= 'train';
    const isClean = labelColumn === undefined || textOf(raw.fields[labelColumn]) === label;
    const labelled = isClean ? raw.fields : { ...raw.fields, [labelColumn]: label };
    const fields = origin === undefined ? labelled : { ...labelled, [originColumn]: origin };
    return { row: { fields, label, split } };
  };
}

/** Counts every problem and keeps the first. */
export function createProblemList(): {
  add(line: number, problem: Problem, file?: string): void;
  readonly result: RowProblems;
} {
  const result: RowProblems = { count: 0, first: [] };
  return {
    add(line, problem, file) {
      result.count++;
      if (result.first.length >= listedProblems) return;
      result.first.push({ line, problem: file === undefined ? problem : { ...problem, path: file } });
    },
    result,
  };
}
