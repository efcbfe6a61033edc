import { type Command, Option } from 'commander';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { OptionSpec, OptionSpecs, OptionValue } from '../../contract/options.ts';
import { say } from '../language.ts';

/** Shorter names of flags people type often. */
const aliases: Readonly<Record<string, string>> = { batchSize: 'batch' };

/** `learningRate` → `learning-rate`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The flag of a setting, without dashes. */
export function flagName(name: string): string {
  return aliases[name] ?? kebabCase(name);
}

function valueHint(spec: OptionSpec): string {
  switch (spec.type) {
    case 'number':
      return '<number>';
    case 'integer':
      return '<n>';
    case 'boolean':
      return '[yes|no]';
    case 'choice':
      return `<${spec.choices.map((choice) => choice.value).join('|')}>`;
    case 'text':
      return '<text>';
    case 'list':
      return '<a,b,…>';
    case 'integers':
      return '<n,n,…>';
    case 'numberMap':
      return '<name=n,…>';
    default:
      return spec satisfies never;
  }
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/**
 * The value of a flag as its setting's type. Ranges are checked later, together with everything else.
 * @throws TunebenchError `cli.badFlag` where the text cannot be of that type
 */
export function parseFlag(name: string, spec: OptionSpec, text: string | true, verb: string): OptionValue {
  const bad = (detail: string) =>
    new TunebenchError('cli.badFlag', { flag: `--${flagName(name)}`, value: String(text), detail, verb });
  const toNumber = (item: string) => {
    const value = Number(item);
    if (item.trim() === '' || !Number.isFinite(value)) {
      throw bad(say({ en: 'this is not a finite number.', ko: '유한한 수가 아닙니다.' }));
    }
    return value;
  };
  if (spec.type === 'boolean') {
    if (text === true || /^(yes|true|on|1)$/i.test(text)) return true;
    if (/^(no|false|off|0)$/i.test(text)) return false;
    throw bad(say({ en: 'this must be yes or no.', ko: 'yes 또는 no여야 합니다.' }));
  }
  if (text === true) throw bad(say({ en: 'a value is missing.', ko: '값이 빠졌습니다.' }));
  switch (spec.type) {
    case 'number':
    case 'integer':
      return toNumber(text);
    case 'choice':
    case 'text':
      return text;
    case 'list':
      return splitList(text);
    case 'integers':
      return splitList(text).map(toNumber);
    case 'numberMap':
      return Object.fromEntries(
        splitList(text).map((pair) => {
          const [key = '', value = ''] = pair.split('=');
          return [key, toNumber(value)];
        }),
      );
    default:
      return spec satisfies never;
  }
}

/** Adds a flag for every setting to a command; the same name in several tables becomes one flag. */
export function addOptionFlags(
  command: Command,
  tables: readonly { title: string; specs: OptionSpecs }[],
): void {
  const added = new Set<string>();
  for (const { title, specs } of tables) {
    for (const [name, spec] of Object.entries(specs)) {
      if (added.has(name)) continue;
      added.add(name);
      const shown = Array.isArray(spec.default) ? spec.default.join(',') : JSON.stringify(spec.default);
      const option = new Option(
        `--${flagName(name)} ${valueHint(spec)}`,
        `${say(spec.help)} (${shown === '' || shown === '""' || shown === '{}' ? '–' : shown})`,
      );
      option.helpGroup(title);
      command.addOption(option);
    }
  }
}

/** What commander calls a flag in its values: `--learning-rate` → `learningRate`. */
function valueKey(name: string): string {
  return flagName(name).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Sorts given flags into the tables they belong to. A flag of another method than the chosen one goes to the chosen
 * method, whose check then says that it has no such setting.
 */
export function collectOptionValues(
  given: Readonly<Record<string, unknown>>,
  tables: { training: OptionSpecs; objective: OptionSpecs; method: OptionSpecs; otherMethods: OptionSpecs },
  verb: string,
): Record<'training' | 'objective' | 'method', Record<string, OptionValue>> {
  const values: Record<'training' | 'objective' | 'method', Record<string, OptionValue>> = {
    training: {},
    objective: {},
    method: {},
  };
  const places = [
    ['method', tables.method],
    ['objective', tables.objective],
    ['training', tables.training],
    ['method', tables.otherMethods],
  ] as const;
  const taken = new Set<string>();
  for (const [place, specs] of places) {
    for (const [name, spec] of Object.entries(specs)) {
      const text = given[valueKey(name)];
      if (taken.has(name) || (typeof text !== 'string' && text !== true)) continue;
      taken.add(name);
      values[place][name] = parseFlag(name, spec, text, verb);
    }
  }
  return values;
}
