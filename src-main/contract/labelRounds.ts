import { z } from 'zod';
import { answerSchema, labelRecordSchema } from './labels.ts';

/** Records like another, the most similar first. */
export const similarRecordsSchema = z.object({
  /** `features`: what a base model makes of the texts; `pieces`: the share of their pieces of five characters. */
  by: z.enum(['features', 'pieces']),
  records: z.array(labelRecordSchema.extend({ similarity: z.number() })),
});
export type SimilarRecords = z.infer<typeof similarRecordsSchema>;

/** How far several labellings of the same rows agree; a measure is null where it has no meaning. */
export const agreementSchema = z.object({
  rounds: z.array(z.object({ id: z.string(), name: z.string(), labelled: z.number().int() })),
  /** Records that all rounds have labelled, and on how many of them they differ. */
  records: z.number().int(),
  disagreements: z.number().int(),
  raw: z.number().nullable(),
  /** Of each pair of rounds. */
  pairs: z.array(
    z.object({
      first: z.string(),
      second: z.string(),
      records: z.number().int(),
      raw: z.number().nullable(),
      cohen: z.number().nullable(),
    }),
  ),
  fleiss: z.number().nullable(),
  /** Also counts records that only some have labelled. */
  krippendorff: z.number().nullable(),
});
export type Agreement = z.infer<typeof agreementSchema>;

/** What each round says about a record. */
export const recordVotesSchema = z.object({
  number: z.number().int(),
  votes: z.array(z.object({ round: z.string(), answer: answerSchema })),
});
export type RecordVotes = z.infer<typeof recordVotesSchema>;
