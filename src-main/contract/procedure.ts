import { oc } from '@orpc/contract';
import { z } from 'zod';
import { problemSchema } from './errors/index.ts';

/** Every failure a procedure can have is one error with the list of problems. */
export const procedure = oc.errors({
  FAILED: { status: 422, data: z.object({ problems: z.array(problemSchema) }) },
});
export const id = z.object({ id: z.string() });
export const nothing = z.object({}).optional();
