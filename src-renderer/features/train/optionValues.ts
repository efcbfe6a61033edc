import type { Problem } from '../../../src-main/contract/errors/index.ts';
import type { OptionSpec, OptionSpecs, OptionValue } from '../../../src-main/contract/options.ts';

export type RawValues = Readonly<Record<string, OptionValue>>;

export interface NamedOption {
  name: string;
  spec: OptionSpec;
}

/** Whether an option matters while the others have these values; an option that hangs on a hidden one is hidden too. */
export function optionApplies(name: string, specs: OptionSpecs, values: RawValues): boolean {
  const condition = specs[name]?.appliesWhen;
  if (!condition) return true;
  const other = specs[condition.option];
  if (!other || !optionApplies(condition.option, specs, values)) return false;
  const value = values[condition.option] ?? other.default;
  return condition.oneOf.some((allowed) => allowed === value);
}

/** The options to show now, the everyday ones apart from the advanced. */
export function visibleOptions(
  specs: OptionSpecs,
  values: RawValues,
): { basic: NamedOption[]; advanced: NamedOption[] } {
  const applying = Object.entries(specs)
    .filter(([name]) => optionApplies(name, specs, values))
    .map(([name, spec]) => ({ name, spec }));
  return {
    basic: applying.filter(({ spec }) => spec.advanced !== true),
    advanced: applying.filter(({ spec }) => spec.advanced === true),
  };
}

/** Drops values that belong to no option or to one that does not apply, so that a change of method leaves nothing behind. */
export function keepApplying(specs: OptionSpecs, values: RawValues): Record<string, OptionValue> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => name in specs && optionApplies(name, specs, values)),
  );
}

/** What was typed into a number field: the number, or the text itself so that the check can name it. */
export function parseNumber(text: string): number | string | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

export function parseIntegers(text: string): number[] | string {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  return numbers.every(Number.isInteger) ? numbers : text;
}

/** One `name: number` per line. */
export function parseNumberMap(text: string): Record<string, number> | string {
  const entries: [string, number][] = [];
  for (const line of text.split('\n').filter((candidate) => candidate.trim() !== '')) {
    const match = /^\s*(.+?)\s*[:=]\s*(\S+)\s*$/.exec(line);
    const number = Number(match?.[2]);
    if (!match?.[1] || !Number.isFinite(number)) return text;
    entries.push([match[1], number]);
  }
  return Object.fromEntries(entries);
}

export function textOfValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, number]) => `${name}: ${number}`)
      .join('\n');
  }
  return typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-4
    ? value.toExponential()
    : String(value);
}

export function sameValue(first: unknown, second: unknown): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

const factors = [1, 2, 5] as const;

/** The next round value up or down: 1-2-5 steps on a logarithmic scale, the last digit's tenth on a linear one. */
export function nextValue(
  spec: Extract<OptionSpec, { type: 'number' | 'integer' }>,
  value: number,
  direction: 1 | -1,
): number {
  const minimum = spec.minimum ?? Number.NEGATIVE_INFINITY;
  const maximum = spec.maximum ?? Number.POSITIVE_INFINITY;
  const clamp = (next: number) => Math.min(maximum, Math.max(minimum, next));
  if (spec.type === 'integer') return clamp(Math.round(value) + direction);
  if (spec.scale === 'log' && value > 0) return clamp(nextRound(value, direction));
  const size = Math.abs(value) || Math.abs(spec.default) || 1;
  const step = 10 ** Math.floor(Math.log10(size) - 0.31);
  const next = clamp(Number((value + direction * step).toPrecision(6)));
  return spec.above !== undefined && next <= spec.above ? value : next;
}

function nextRound(value: number, direction: 1 | -1): number {
  const power = Math.floor(Math.log10(value) + 1e-9);
  const rounds = [power - 1, power, power + 1].flatMap((exponent) =>
    factors.map((factor) => Number(`${factor}e${exponent}`)),
  );
  const tolerance = value * 1e-6;
  const next =
    direction === 1
      ? rounds.find((round) => round > value + tolerance)
      : rounds.findLast((round) => round < value - tolerance);
  return next ?? value;
}

/** The problems of one field: those whose path is the field's own, however its table is called. */
export function problemsAt(problems: readonly Problem[], paths: readonly string[]): Problem[] {
  return problems.filter(({ path }) => path !== undefined && paths.includes(path));
}
