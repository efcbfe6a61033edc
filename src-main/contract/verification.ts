import { z } from 'zod';

const pairSchema = z.object({
  name: z.string(),
  first: z.string().nullable(),
  second: z.string().nullable(),
});

/** How a run compares with the one it repeats: what went in, and what came out. */
export const verificationSchema = z.object({
  firstId: z.string(),
  secondId: z.string(),
  /** Settings, versions and the like that differ, by path; null where one of them lacks it. */
  settings: z.array(pairSchema),
  /** Whether both began with the same model, byte for byte. */
  sameModel: z.boolean(),
  data: z.object({
    same: z.boolean(),
    /** Rows that differ, the first hundred; positions count from 1. */
    rows: z.array(
      z.object({ row: z.number().int(), first: z.string().nullable(), second: z.string().nullable() }),
    ),
    differingRows: z.number().int(),
  }),
  /** Whether what they wrote is the same byte for byte; null where one of them has written nothing. */
  sameResult: z.boolean().nullable(),
  /** Metrics that differ, by name. */
  metrics: z.array(
    z.object({ name: z.string(), first: z.number().nullable(), second: z.number().nullable() }),
  ),
});
export type Verification = z.infer<typeof verificationSchema>;
