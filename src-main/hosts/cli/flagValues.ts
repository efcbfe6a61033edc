import type { z } from 'zod';
import { TunebenchError } from '../../contract/errors/index.ts';

/**
 * The value of a flag as its schema has it.
 * @throws TunebenchError `cli.badFlag` saying what it may be
 */
export function parseFlag<Value>(
  flag: string,
  value: unknown,
  schema: z.ZodType<Value>,
  verb: string,
): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const shown = Array.isArray(value) ? value.join(' ') : String(value);
  throw new TunebenchError('cli.badFlag', {
    flag,
    value: shown,
    detail: parsed.error.issues[0]?.message ?? '–',
    verb,
  });
}
