import { z } from 'zod';
import { type Problem, describeProblem } from './errors/index.ts';
import { localizedTextSchema } from './text.ts';

/**
 * An option is one record: name, type, default, range, help and when it applies. The form, the command-line flag,
 * the validation and the docs page are all drawn from it, so they cannot drift.
 */
const common = {
  label: localizedTextSchema,
  help: localizedTextSchema,
  /** Shown only behind "more settings". */
  advanced: z.boolean().optional(),
  /** The option matters only while another option has one of these values. */
  appliesWhen: z
    .object({ option: z.string(), oneOf: z.array(z.union([z.string(), z.number(), z.boolean()])).readonly() })
    .optional(),
};

export const optionSpecSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('number'),
    default: z.number(),
    minimum: z.number().optional(),
    /** The value must be larger than this. */
    above: z.number().optional(),
    maximum: z.number().optional(),
    /** How a slider should move: by amount or by factor. */
    scale: z.enum(['linear', 'log']).optional(),
    ...common,
  }),
  z.object({
    type: z.literal('integer'),
    default: z.number().int(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    ...common,
  }),
  z.object({ type: z.literal('boolean'), default: z.boolean(), ...common }),
  z.object({
    type: z.literal('choice'),
    default: z.string(),
    choices: z.array(z.object({ value: z.string(), label: localizedTextSchema })).readonly(),
    ...common,
  }),
  z.object({ type: z.literal('text'), default: z.string(), ...common }),
  z.object({
    type: z.literal('list'),
    default: z.array(z.string()).readonly(),
    /** Where suggestions come from. */
    suggest: z.enum(['linearNames', 'parameterNames']).optional(),
    ...common,
  }),
  z.object({ type: z.literal('integers'), default: z.array(z.number().int()).readonly(), ...common }),
  z.object({ type: z.literal('numberMap'), default: z.record(z.string(), z.number()).readonly(), ...common }),
]);
export type OptionSpec = z.infer<typeof optionSpecSchema>;
export const optionSpecsSchema = z.record(z.string(), optionSpecSchema);
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export const optionValueSchema = z.union([
  z.number(),
  z.boolean(),
  z.string(),
  z.array(z.string()),
  z.array(z.number()),
  z.record(z.string(), z.number()),
]);
export type OptionValue = z.infer<typeof optionValueSchema>;
export const optionValuesSchema = z.record(z.string(), optionValueSchema);

type ValueOf<Spec extends OptionSpec> = Spec extends { type: 'number' | 'integer' }
  ? number
  : Spec extends { type: 'boolean' }
    ? boolean
    : Spec extends { type: 'choice'; choices: readonly { value: infer Choice }[] }
      ? Choice
      : Spec extends { type: 'text' }
        ? string
        : Spec extends { type: 'list' }
          ? string[]
          : Spec extends { type: 'integers' }
            ? number[]
            : Spec extends { type: 'numberMap' }
              ? Record<string, number>
              : never;

/** The checked values of a table of options, by name. */
export type OptionValues<Specs extends OptionSpecs> = { [Name in keyof Specs]: ValueOf<Specs[Name]> };

/** Declares a table of options, keeping the literal types so that `OptionValues` knows every value's type. */
export function defineOptions<const Specs extends OptionSpecs>(specs: Specs): Specs {
  return specs;
}

function describeRange(spec: { minimum?: number; above?: number; maximum?: number }): string {
  const parts: string[] = [];
  if (spec.minimum !== undefined) parts.push(`≥ ${spec.minimum}`);
  if (spec.above !== undefined) parts.push(`> ${spec.above}`);
  if (spec.maximum !== undefined) parts.push(`≤ ${spec.maximum}`);
  return parts.join(', ');
}

function isInRange(value: number, spec: { minimum?: number; above?: number; maximum?: number }): boolean {
  return (
    (spec.minimum === undefined || value >= spec.minimum) &&
    (spec.above === undefined || value > spec.above) &&
    (spec.maximum === undefined || value <= spec.maximum)
  );
}

/** What a value should have been where it is of the wrong kind. */
function expectedOf(spec: OptionSpec, value: unknown): string | undefined {
  const unless = (fits: boolean, expected: string) => (fits ? undefined : expected);
  switch (spec.type) {
    case 'number':
    case 'integer':
      if (typeof value !== 'number') return 'a number';
      if (!Number.isFinite(value)) return 'a finite number';
      return unless(spec.type === 'number' || Number.isInteger(value), 'a whole number');
    case 'boolean':
      return unless(typeof value === 'boolean', 'true or false');
    case 'text':
      return unless(typeof value === 'string', 'text');
    case 'choice':
      return undefined;
    case 'list':
      return unless(
        Array.isArray(value) && value.every((item) => typeof item === 'string'),
        'a list of names',
      );
    case 'integers':
      return unless(Array.isArray(value) && value.every(Number.isInteger), 'a list of whole numbers');
    case 'numberMap': {
      const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
      return unless(isTable && Object.values(value).every(Number.isFinite), 'a table of names and numbers');
    }
    default:
      return spec satisfies never;
  }
}

function checkOne(name: string, spec: OptionSpec, value: unknown, path: string): Problem | undefined {
  const expected = expectedOf(spec, value);
  if (expected !== undefined) {
    const shown = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
    const usual = JSON.stringify(spec.default);
    return describeProblem('option.wrongType', { name, value: shown, expected, default: usual }, path);
  }
  if (spec.type === 'choice') {
    const choices = spec.choices.map((choice) => choice.value);
    if (typeof value === 'string' && choices.includes(value)) return undefined;
    const known = choices.join(', ');
    return describeProblem(
      'option.unknownChoice',
      { name, value: String(value), choices: known, default: spec.default },
      path,
    );
  }
  if (typeof value === 'number' && (spec.type === 'number' || spec.type === 'integer')) {
    if (isInRange(value, spec)) return undefined;
    const range = describeRange(spec);
    return describeProblem('option.outOfRange', { name, value, range, default: spec.default }, path);
  }
  return undefined;
}

/**
 * Checks raw values against a table of options, fills in defaults, and reports every problem at once.
 * The values are only meaningful when there is no problem.
 */
export function checkOptions<Specs extends OptionSpecs>(
  specs: Specs,
  raw: Readonly<Record<string, unknown>>,
  path: string,
): { values: OptionValues<Specs>; problems: Problem[] } {
  const problems: Problem[] = [];
  for (const name of Object.keys(raw)) {
    if (name in specs) continue;
    problems.push(
      describeProblem(
        'option.unknown',
        { name, known: Object.keys(specs).join(', ') || '–' },
        `${path}.${name}`,
      ),
    );
  }
  const entries = Object.entries(specs).map(([name, spec]) => {
    const value = raw[name] ?? spec.default;
    const problem = checkOne(name, spec, value, `${path}.${name}`);
    if (problem) problems.push(problem);
    return [name, value] as const;
  });
  return { values: Object.fromEntries(entries) as OptionValues<Specs>, problems };
}
