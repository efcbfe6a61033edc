import type { Head } from '../../contract/methods.ts';
import { type Problem, describeProblem, errorFromProblems } from '../../contract/errors/index.ts';
import { isTable } from '../formats/jsonFiles.ts';
import { isExpression } from './targets.ts';

/** PEFT's names of what a model does; it has none for predicting hidden tokens. */
export const taskTypes = {
  none: 'FEATURE_EXTRACTION',
  classes: 'SEQ_CLS',
  tokenClasses: 'TOKEN_CLS',
  span: 'QUESTION_ANS',
  maskedToken: null,
  nextToken: 'CAUSAL_LM',
  targetToken: 'SEQ_2_SEQ_LM',
} as const satisfies Record<Head, string | null>;

/** PEFT names an adapter's tensors by the path inside the model it wraps. */
export const wrapped = 'base_model.model.';

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isNumberMap(value: unknown): value is Record<string, number> {
  return isTable(value) && Object.values(value).every(isNumber);
}

function isFlagLists(value: unknown): value is Record<string, boolean[]> {
  const isFlags = (item: unknown) => Array.isArray(item) && item.every((flag) => typeof flag === 'boolean');
  return isTable(value) && Object.values(value).every(isFlags);
}

/** Names as PEFT writes them: one regular expression as text, names as a list, nothing as null. */
export function peftNames(names: readonly string[]): string | readonly string[] | null {
  if (names.length === 0) return null;
  return isExpression(names) ? (names[0] ?? null) : names;
}

/** Settings of an adapter_config.json: unknown keys are ignored, missing ones take their default, wrong ones collected. */
export class PeftSettings {
  private readonly config: Readonly<Record<string, unknown>>;
  private readonly folder: string;
  private readonly problems: Problem[] = [];

  /** @param folder for error sentences */
  constructor(config: Readonly<Record<string, unknown>>, folder: string) {
    this.config = config;
    this.folder = folder;
  }

  number(name: string, fallback: number): number {
    return this.read(name, fallback, isNumber);
  }

  flag(name: string, fallback: boolean): boolean {
    return this.read(name, fallback, (value) => typeof value === 'boolean');
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    return this.read(name, fallback, (value): value is Choice => choices.some((choice) => choice === value));
  }

  /** Names as a list; PEFT also writes one pattern as text, and nothing as null. */
  names(name: string): string[] {
    const isNames = (value: unknown): value is string | string[] =>
      typeof value === 'string' || isStringList(value);
    return [this.read<string | string[]>(name, [], isNames)].flat();
  }

  numberMap(name: string): Record<string, number> {
    return this.read(name, {}, isNumberMap);
  }

  /** Lists of flags by name. */
  flagLists(name: string): Record<string, boolean[]> {
    return this.read(name, {}, isFlagLists);
  }

  /** One number or several. */
  numbers(name: string): number[] {
    const isNumbers = (value: unknown): value is number | number[] =>
      isNumber(value) || (Array.isArray(value) && value.every(isNumber));
    return [this.read<number | number[]>(name, [], isNumbers)].flat();
  }

  /** A setting that changes what an adapter computes and has no counterpart here: only harmless values are accepted. */
  expect(name: string, harmless: readonly unknown[]): void {
    const value = this.config[name];
    if (value === undefined || harmless.includes(value)) return;
    if (Array.isArray(value) && value.length === 0) return;
    this.refuse(name);
  }

  /** @throws TunebenchError with every setting that cannot be followed */
  finish(): void {
    if (this.problems.length > 0) throw errorFromProblems(this.problems);
  }

  private read<Value>(name: string, fallback: Value, isValid: (value: unknown) => value is Value): Value {
    const value = this.config[name];
    if (value == null) return fallback;
    if (isValid(value)) return value;
    this.refuse(name);
    return fallback;
  }

  private refuse(name: string): void {
    const value = JSON.stringify(this.config[name]) ?? 'null';
    this.problems.push(describeProblem('adapter.badSetting', { folder: this.folder, name, value }));
  }
}
