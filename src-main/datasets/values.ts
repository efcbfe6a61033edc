import type { FieldValue } from '../contract/datasets.ts';

/** Deeper values are refused: nothing sensible nests so far, and code that walks a value would run out of stack. */
export const deepestNesting = 100;

export function isObject(value: unknown): value is { readonly [name: string]: FieldValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: FieldValue | undefined): value is readonly FieldValue[] {
  return Array.isArray(value);
}

type JsonReviver = (name: string, value: unknown, context?: { source?: string }) => unknown;
const parseWithSource: (text: string, reviver: JsonReviver) => FieldValue = JSON.parse;

/** Digits or exponents that may not fit a double. */
const suspiciousNumber = /\d{16}|[eE]\+?\d{3}/;

/** Whether a number's digits in JSON say more than the double made from them. */
function losesDigits(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return true;
  return /^-?\d+$/.test(source) && !Number.isSafeInteger(value);
}

/**
 * Parses JSON. Whole numbers too large for a double, such as 64-bit identifiers, become text with the same digits
 * instead of another number.
 * @throws SyntaxError
 */
export function parseJson(text: string): FieldValue {
  if (!suspiciousNumber.test(text)) {
    const value: FieldValue = JSON.parse(text);
    return value;
  }
  return parseWithSource(text, (_name, value, context) => {
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && losesDigits(value, source) ? source : value;
  });
}

/** Whether a value nests deeper than `limit`. Does not recurse: the value may be hostile. */
export function nestsDeeper(value: FieldValue, limit: number): boolean {
  let level: FieldValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    const next: FieldValue[] = [];
    for (const item of level) {
      if (isList(item)) next.push(...item.filter((inner) => typeof inner === 'object' && inner !== null));
      else if (isObject(item)) {
        for (const inner of Object.values(item))
          if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
  return false;
}
