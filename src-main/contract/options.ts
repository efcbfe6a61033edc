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

function checkOne(name: string, spec: OptionSpec, value: unknown, path: string): Problem | undefined {
  const wrongType = (expected: string) =>
    describeProblem(
      'option.wrongType',
      {
        name,
        value: JSON.stringify(value) ?? String(value),
        expected,
        default: JSON.stringify(spec.default),
      },
      path,
    );
  switch (spec.type) {
    case 'number':
    case 'integer': {
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        return typeof value === 'number'
          ? describeProblem(
              'option.wrongType',
              { name, value: String(value), expected: 'a finite number', default: spec.default },
              path,
            )
          : wrongType('a number');
      }
      if (spec.type === 'integer' && !Number.isInteger(value)) return wrongType('a whole number');
      const above = spec.type === 'number' ? spec.above : undefined;
      const outside =
        (spec.minimum !== undefined && value < spec.minimum) ||
        (above !== undefined && value <= above) ||
        (spec.maximum !== undefined && value > spec.maximum);
      if (!outside) return undefined;
      return describeProblem(
        'option.outOfRange',
        { name, value, range: describeRange(spec), default: spec.default },
        path,
      );
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongType('true or false');
    case 'text':
      return typeof value === 'string' ? undefined : wrongType('text');
    case 'choice': {
      const choices = spec.choices.map((choice) => choice.value);
      if (typeof value === 'string' && choices.includes(value)) return undefined;
      return describeProblem(
        'option.unknownChoice',
        { name, value: String(value), choices: choices.join(', '), default: spec.default },
        path,
      );
    }
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? undefined
        : wrongType('a list of names');
    case 'integers':
      return Array.isArray(value) && value.every((item) => Number.isInteger(item))
        ? undefined
        : wrongType('a list of whole numbers');
    case 'numberMap':
      return typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((item) => Number.isFinite(item))
        ? undefined
        : wrongType('a table of names and numbers');
    default:
      return spec satisfies never;
  }
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
