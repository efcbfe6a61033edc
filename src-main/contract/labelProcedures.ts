import { z } from 'zod';
import { datasetSummarySchema } from './datasets.ts';
import { helpSourceSchema, helpStateSchema } from './labelHelp.ts';
import { agreementSchema, recordVotesSchema, similarRecordsSchema } from './labelRounds.ts';
import {
  actionResultSchema,
  historyEntrySchema,
  labelActionSchema,
  labelChoiceSchema,
  labelRecordSchema,
  labelRuleSchema,
  labellingColumnsSchema,
  labellingStateSchema,
  labellingSummarySchema,
  labellingTaskSchema,
  recordCursorSchema,
  recordFilterSchema,
  recordOrderSchema,
  recordPageSchema,
  recordStatusSchema,
  ruleReportSchema,
  savedFilterSchema,
} from './labels.ts';
import { id, nothing, procedure } from './procedure.ts';

/** Labelling: records opened from a dataset, every action on them, and the versions made of them. */
export const labelProcedures = {
  list: procedure.input(nothing).output(z.array(labellingSummarySchema)),
  get: procedure.input(id).output(labellingSummarySchema.extend({ state: labellingStateSchema })),
  /** Copies the rows of a dataset into records that can be labelled; the dataset itself never changes. */
  open: procedure
    .input(
      z.object({
        datasetId: z.string(),
        name: z.string().min(1).max(200).optional(),
        task: labellingTaskSchema,
        /** Left out, what the dataset's mapping says. */
        columns: labellingColumnsSchema.partial().optional(),
        /** Left out, the labels the dataset has. */
        labels: z.array(z.string().min(1).max(200)).max(1000).optional(),
        /** What the labels that rows already have become. */
        existing: z.enum(['answers', 'suggestions', 'nothing']).default('answers'),
        seed: z.number().int().default(0),
      }),
    )
    .output(labellingSummarySchema),
  remove: procedure.input(id).output(id),
  page: procedure
    .input(
      z.object({
        id: z.string(),
        filter: recordFilterSchema.default({}),
        order: recordOrderSchema.default('number'),
        after: recordCursorSchema.optional(),
        limit: z.number().int().min(1).max(200).default(20),
      }),
    )
    .output(recordPageSchema),
  /** How many match, exactly up to `largestMatchCount`. */
  count: procedure
    .input(z.object({ id: z.string(), filter: recordFilterSchema }))
    .output(z.object({ count: z.number().int() })),
  record: procedure.input(z.object({ id: z.string(), number: z.number().int() })).output(labelRecordSchema),
  act: procedure.input(z.object({ id: z.string(), action: labelActionSchema })).output(actionResultSchema),
  undo: procedure.input(id).output(actionResultSchema),
  redo: procedure.input(id).output(actionResultSchema),
  /** Back, or forward again, to how everything was after an entry of the history; 0 is before the first. */
  revert: procedure
    .input(z.object({ id: z.string(), sequence: z.number().int().min(0) }))
    .output(actionResultSchema),
  /** Newest first. */
  history: procedure
    .input(
      z.object({
        id: z.string(),
        before: z.number().int().optional(),
        limit: z.number().int().min(1).max(500).default(50),
      }),
    )
    .output(z.array(historyEntrySchema)),
  /** Replaces the labels and their keys; a label that records carry cannot be taken away. */
  saveLabels: procedure
    .input(z.object({ id: z.string(), labels: z.array(labelChoiceSchema).max(1000) }))
    .output(labellingSummarySchema),
  /** What rules would suggest, without suggesting it. */
  tryRules: procedure
    .input(z.object({ id: z.string(), rules: z.array(labelRuleSchema).min(1) }))
    .output(ruleReportSchema),
  /**
   * Lets a model suggest labels: a trained run as it is, or a probe on a base model that learns from what is labelled
   * and is taught again every few labels. Answers when the first suggestions are there; null where it was stopped.
   */
  startHelp: procedure
    .input(z.object({ id: z.string(), source: helpSourceSchema }))
    .output(helpStateSchema.nullable()),
  /** Takes the model's suggestions away. */
  stopHelp: procedure.input(id).output(id),
  /** The records most like one, by features where a probe has made them, else by the pieces of their texts. */
  similar: procedure
    .input(
      z.object({
        id: z.string(),
        number: z.number().int(),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .output(similarRecordsSchema),
  filters: procedure.input(id).output(z.array(savedFilterSchema)),
  /** Keeps a filter for every labelling of the dataset; one of the same name gives way. */
  saveFilter: procedure
    .input(savedFilterSchema.extend({ id: z.string() }))
    .output(z.array(savedFilterSchema)),
  removeFilter: procedure
    .input(z.object({ id: z.string(), name: z.string() }))
    .output(z.array(savedFilterSchema)),
  /** How far labellings of the same rows agree. */
  agreement: procedure.input(z.object({ ids: z.array(z.string()).min(2).max(20) })).output(agreementSchema),
  /** A labelling in which what all agree on is labelled, and what they do not is to be decided. */
  adjudicate: procedure
    .input(z.object({ ids: z.array(z.string()).min(2).max(20), name: z.string().min(1).max(200).optional() }))
    .output(labellingSummarySchema),
  /** What the rounds of an adjudication say about records. */
  votes: procedure
    .input(z.object({ id: z.string(), numbers: z.array(z.number().int()).min(1).max(200) }))
    .output(z.array(recordVotesSchema)),
  /** Makes a dataset of the records as they are now, to train on; it never changes again. */
  publish: procedure
    .input(
      z.object({
        id: z.string(),
        name: z.string().min(1).max(200).optional(),
        statuses: z.array(recordStatusSchema).min(1).default(['labelled']),
      }),
    )
    .output(datasetSummarySchema),
};
