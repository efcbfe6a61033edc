import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import { type JsonTable, isTable } from '../formats/jsonFiles.ts';

/** A checkpoint's config.json, as parsed. */
export type ConfigJson = JsonTable;

/** Reads fields of config.json with transformers' defaults, noting everything wrong instead of stopping at the first. */
export class ConfigReader {
  readonly problems: Problem[];
  private readonly json: ConfigJson;
  private readonly file: string;

  constructor(json: ConfigJson, file: string, problems: Problem[] = []) {
    this.json = json;
    this.file = file;
    this.problems = problems;
  }

  /** The first of `names` that is there and not null. */
  private find(names: readonly string[]): { name: string; value: unknown } {
    const name = names.find((candidate) => this.json[candidate] != null);
    return name === undefined ? { name: names[0] ?? '', value: undefined } : { name, value: this.json[name] };
  }

  private refuse(name: string, value: unknown, expected: string): void {
    const params = { file: this.file, name, value: JSON.stringify(value) ?? 'null', expected };
    this.problems.push(describeProblem('model.badSetting', params));
  }

  /** A whole number above 0; `names` are spellings of one field. */
  size(names: readonly string[], fallback: number): number {
    const { name, value } = this.find(names);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    this.refuse(name, value, '1, 2, 3 …');
    return fallback;
  }

  /** Like `size`, for fields that may be absent or null. */
  optionalSize(name: string): number | null {
    return this.json[name] == null ? null : this.size([name], 1);
  }

  /** Tokens of an attention window: the fallback where the field is absent, no limit where it is null. */
  windowSize(name: string, fallback: number): number | null {
    return this.json[name] === null ? null : this.size([name], fallback);
  }

  /** A limit above 0, null without one: the fallback where the field is absent (0: none), none where it is null. */
  cap(name: string, fallback: number): number | null {
    const value = this.json[name] === null ? 0 : this.number([name], fallback);
    if (value < 0) this.refuse(name, value, '30, 50 …, null');
    return value > 0 ? value : null;
  }

  number(names: readonly string[], fallback: number): number {
    const { name, value } = this.find(names);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.refuse(name, value, '0.1, 2 …');
    return fallback;
  }

  /** Dropout: a number in [0, 1). */
  probability(names: readonly string[], fallback: number): number {
    const value = this.number(names, fallback);
    if (value >= 0 && value < 1) return value;
    this.refuse(this.find(names).name, value, '0 ≤ … < 1');
    return fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.json[name];
    if (value == null) return fallback;
    if (typeof value === 'boolean') return value;
    this.refuse(name, value, 'true, false');
    return fallback;
  }

  /** One of the values this program can compute. */
  choice<Choice extends string>(
    names: readonly string[],
    known: readonly Choice[],
    fallback: Choice,
  ): Choice {
    const { name, value } = this.find(names);
    if (value === undefined) return fallback;
    const chosen = known.find((choice) => choice === value);
    if (chosen === undefined) this.unsupported(name, value, known.join(', '));
    return chosen ?? fallback;
  }

  table(name: string): ConfigJson | null {
    const value = this.json[name];
    if (value == null) return null;
    if (isTable(value)) return value;
    this.refuse(name, value, '{ … }');
    return null;
  }

  texts(name: string): string[] | null {
    const value = this.json[name];
    if (value == null) return null;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.refuse(name, value, '["…", …]');
    return null;
  }

  /** One text or several, as a list. */
  textOrTexts(name: string): string[] | null {
    const value = this.json[name];
    return typeof value === 'string' ? [value] : this.texts(name);
  }

  numbers(name: string): number[] | null {
    const value = this.json[name];
    if (value == null) return null;
    if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value;
    this.refuse(name, value, '[1, 2.5, …]');
    return null;
  }

  unsupported(name: string, value: unknown, known: string): void {
    const params = { file: this.file, name, value: JSON.stringify(value) ?? 'null', known };
    this.problems.push(describeProblem('model.unsupportedSetting', params));
  }

  /** Notes a problem unless `value` is a multiple of `divisor`. */
  divisible(name: string, value: number, by: string, divisor: number): void {
    if (value % divisor === 0) return;
    this.problems.push(describeProblem('model.notDivisible', { file: this.file, name, value, by, divisor }));
  }

  /** The fields of a nested table, read with the same care. */
  nested(json: ConfigJson): ConfigReader {
    return new ConfigReader(json, this.file, this.problems);
  }
}
