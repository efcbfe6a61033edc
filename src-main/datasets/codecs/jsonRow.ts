import { describeProblem } from '../../contract/errors/index.ts';
import { deepestNesting, isObject, nestsDeeper, parseJson } from '../values.ts';
import type { FieldValue } from '../../contract/datasets.ts';
import type { RawRow } from './codec.ts';

function nameOfKind(value: FieldValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The row that a text of JSON stands for, or why it is none. */
export function readJsonRow(line: number, text: string): RawRow {
  let value: FieldValue;
  try {
    value = parseJson(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { line, problem: describeProblem('datasets.badJson', { line, detail }) };
  }
  if (!isObject(value)) {
    return { line, problem: describeProblem('datasets.notAnObject', { line, found: nameOfKind(value) }) };
  }
  if (nestsDeeper(value, deepestNesting)) {
    return { line, problem: describeProblem('datasets.tooDeep', { line, limit: deepestNesting }) };
  }
  if (!Object.hasOwn(value, '__proto__')) return { line, fields: value };
  // A key of this name would change the object instead of filling it.
  return {
    line,
    fields: Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__proto__')),
  };
}
