import { z } from 'zod';
import type { FieldValue, Fields } from './datasets.ts';

/** The column that says which rows a model wrote. It is part of the rows: every version, export and import carries it. */
export const originColumn = 'syntheticOrigin';

/** Where a row written by a model comes from; of the rows it was made from, only their family is kept. */
export const originSchema = z.object({
  /** Rows that share one stay in one split: a model must not be tested on what it was taught in other words. */
  families: z.array(z.string()),
  /** Name of the model that wrote the row; absent where a person's row is only the source of others. */
  model: z.string().optional(),
  /** The instruction, before a row's texts were put into it. */
  prompt: z.string().optional(),
  /** The row it was made from, counted from 1, and the version's hash it is counted in. */
  row: z.number().int().optional(),
  version: z.string().optional(),
  seed: z.number().int().optional(),
  /** A person changed what the model wrote. */
  edited: z.boolean().optional(),
});
export type Origin = z.infer<typeof originSchema>;

/** A cell of the column as an origin, also where a file had it as text; undefined where it holds none. */
export function readOrigin(value: FieldValue | undefined): Origin | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  let held: unknown = value;
  if (typeof value === 'string') {
    try {
      held = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  return originSchema.safeParse(held).data;
}

export const originOf = (fields: Fields): Origin | undefined => readOrigin(fields[originColumn]);

/** Whether a model wrote the row. */
export const isSynthetic = (fields: Fields): boolean => originOf(fields)?.model !== undefined;
