import { z } from 'zod';
import { splitSchema } from './datasets.ts';
import { helpStateSchema } from './labelHelp.ts';
import { recordFilterSchema, recordStatusSchema } from './recordFilter.ts';

export * from './recordFilter.ts';

/** What a person decides about each record. */
export const labellingTaskSchema = z.enum([
  /** One of the labels. */
  'single',
  /** Any number of the labels. */
  'multi',
  /** Stretches of the text, each with a label. */
  'spans',
  /** Which of two answers is better. */
  'preference',
  /** A mark from 1 to 5. */
  'rating',
  /** The answer, rewritten as it should be. */
  'correction',
]);
export type LabellingTask = z.infer<typeof labellingTaskSchema>;

/** What a record shows. Pictures will be a second kind whose fields name a file. */
export const recordKindSchema = z.enum(['text']);

/** A stretch of the text, in UTF-16 units as JavaScript counts them; `end` is not part of it. */
export const spanSchema = z.object({ start: z.number().int(), end: z.number().int(), label: z.string() });
export type Span = z.infer<typeof spanSchema>;

/** What somebody, or a suggestion, says about a record. Preferences and ratings are labels of a fixed set. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('labels'), labels: z.array(z.string()) }),
  z.object({ kind: z.literal('spans'), spans: z.array(spanSchema) }),
  z.object({ kind: z.literal('text'), text: z.string() }),
]);
export type Answer = z.infer<typeof answerSchema>;

/** The labels an answer uses, each once; what filters by label look at. */
export function labelsOf(answer: Answer | null): string[] {
  if (answer === null || answer.kind === 'text') return [];
  return [...new Set(answer.kind === 'labels' ? answer.labels : answer.spans.map(({ label }) => label))];
}

/** Labels of the tasks that bring their own. */
export const fixedLabels: Readonly<Partial<Record<LabellingTask, readonly string[]>>> = {
  preference: ['first', 'second', 'tie'],
  rating: ['1', '2', '3', '4', '5'],
};

/** A label and the physical key that gives it: a `KeyboardEvent.code` such as `Digit1` or `KeyR`, whatever the layout. */
export const labelChoiceSchema = z.object({ name: z.string().min(1).max(200), key: z.string().nullable() });
export type LabelChoice = z.infer<typeof labelChoiceSchema>;

/** Which columns a record shows, and which it already has an answer in. */
export const labellingColumnsSchema = z.object({
  /** Shown and searched, in this order. */
  content: z.array(z.string()).min(1),
  /** The label, or the answer to correct; a published version writes it here. */
  answer: z.string().optional(),
  /** The two answers to choose between. */
  first: z.string().optional(),
  second: z.string().optional(),
});
export type LabellingColumns = z.infer<typeof labellingColumnsSchema>;

export const countSchema = z.object({ name: z.string(), count: z.number().int() });

export const labellingSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  datasetId: z.string(),
  datasetName: z.string(),
  task: labellingTaskSchema,
  recordKind: recordKindSchema,
  columns: labellingColumnsSchema,
  labels: z.array(labelChoiceSchema),
  /** Seed of the random order. */
  seed: z.number().int(),
  addedAt: z.string(),
  /** The labellings of the same rows whose answers are compared in this one, as they were called. */
  rounds: z.array(z.object({ id: z.string(), name: z.string() })),
  records: z.number().int(),
  byStatus: z.record(recordStatusSchema, z.number().int()),
});
export type LabellingSummary = z.infer<typeof labellingSummarySchema>;

export const paceSchema = z.object({
  /** Records labelled per hour of work, over the last answers; null before there are enough to tell. */
  perHour: z.number().nullable(),
  /** Time the pending records still take at this pace. */
  remainingMs: z.number().nullable(),
});
export type Pace = z.infer<typeof paceSchema>;

/** Counts of a labelling and what can be undone: what changes with every action. */
export const labellingStateSchema = z.object({
  byStatus: labellingSummarySchema.shape.byStatus,
  byLabel: z.array(countSchema),
  bySuggestion: z.array(countSchema),
  bySplit: z.array(countSchema),
  flagged: z.number().int(),
  noted: z.number().int(),
  /** Records whose answer is another than what is suggested for them. */
  disagreeing: z.number().int(),
  undo: z.number().int().nullable(),
  redo: z.number().int().nullable(),
  /** Newest entry of the history. */
  sequence: z.number().int(),
  pace: paceSchema,
  /** The model that makes suggestions; null where none does. */
  help: helpStateSchema.nullable(),
});
export type LabellingState = z.infer<typeof labellingStateSchema>;

export const labelRecordSchema = z.object({
  /** From 1, in the order of the dataset; never given to another record. */
  number: z.number().int(),
  status: recordStatusSchema,
  split: splitSchema,
  /** As text. */
  fields: z.record(z.string(), z.string()),
  answer: answerSchema.nullable(),
  suggestion: answerSchema.nullable(),
  /** How sure the suggestion is, 0 to 1. */
  score: z.number().nullable(),
  flagged: z.boolean(),
  note: z.string().nullable(),
  /** Characters of the shown text. */
  length: z.number().int(),
  deleted: z.boolean(),
});
export type LabelRecord = z.infer<typeof labelRecordSchema>;

export const recordOrderSchema = z.enum([
  /** As in the dataset. */
  'number',
  /** By the labelling's seed. */
  'random',
  'shortest',
  'longest',
  /** The lowest probability of the suggestion first. */
  'score',
  /** The smallest distance between the two likeliest labels first. */
  'margin',
  /** The most evenly spread probabilities first. */
  'entropy',
  /** Each one as different as possible from what is labelled and from those before it. */
  'diversity',
  /** The least probable given label first. */
  'suspect',
]);
export type RecordOrder = z.infer<typeof recordOrderSchema>;

/** A filter with an order under a name. */
export const savedFilterSchema = z.object({
  name: z.string().trim().min(1).max(100),
  filter: recordFilterSchema,
  order: recordOrderSchema,
});
export type SavedFilter = z.infer<typeof savedFilterSchema>;

/** The place after a record in an order. */
export const recordCursorSchema = z.object({ value: z.number(), number: z.number().int() });
export type RecordCursor = z.infer<typeof recordCursorSchema>;

export const recordPageSchema = z.object({
  records: z.array(labelRecordSchema.extend({ cursor: recordCursorSchema })),
  /** Whether more match after the last one. */
  more: z.boolean(),
});
export type RecordPage = z.infer<typeof recordPageSchema>;

/** Counting stops here, so that it takes no time however many match. */
export const largestMatchCount = 1000;

/** Records named one by one, or all that match a filter. */
export const recordTargetSchema = z.union([
  z.object({ numbers: z.array(z.number().int()).min(1).max(10_000) }),
  z.object({ filter: recordFilterSchema }),
]);
export type RecordTarget = z.infer<typeof recordTargetSchema>;

/** A pattern that suggests a label wherever the shown text has it. */
export const labelRuleSchema = z.object({
  label: z.string().min(1),
  form: z.enum(['keyword', 'expression']),
  pattern: z.string().min(1).max(1000),
});
export type LabelRule = z.infer<typeof labelRuleSchema>;

/** Everything a person can do to records; each is one entry of the history. */
export const labelActionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('label'),
    target: recordTargetSchema,
    answer: answerSchema,
    /** Not decided yet: the records become drafts. */
    draft: z.boolean().optional(),
  }),
  /** Each record gets what was suggested for it; records without a suggestion stay as they are. */
  z.object({ kind: z.literal('accept'), target: recordTargetSchema }),
  /** Back to pending, without an answer. */
  z.object({ kind: z.literal('clear'), target: recordTargetSchema }),
  z.object({ kind: z.literal('discard'), target: recordTargetSchema }),
  z.object({ kind: z.literal('flag'), target: recordTargetSchema, flagged: z.boolean() }),
  z.object({ kind: z.literal('note'), target: recordTargetSchema, note: z.string().max(10_000).nullable() }),
  z.object({
    kind: z.literal('edit'),
    number: z.number().int(),
    fields: z.record(z.string(), z.string()),
  }),
  z.object({ kind: z.literal('delete'), target: recordTargetSchema }),
  z.object({ kind: z.literal('split'), target: recordTargetSchema, split: splitSchema }),
  /** Puts rows of another dataset behind the last record. */
  z.object({ kind: z.literal('add'), datasetId: z.string() }),
  z.object({ kind: z.literal('suggest'), rules: z.array(labelRuleSchema).min(1) }),
  /** Gives a label another name everywhere; where that name is a label already, the two become one. */
  z.object({ kind: z.literal('rename'), from: z.string(), to: z.string().trim().min(1).max(200) }),
]);
export type LabelAction = z.infer<typeof labelActionSchema>;

export const ruleReportSchema = z.object({
  records: z.number().int(),
  /** Records that some rule speaks about. */
  covered: z.number().int(),
  /** Records about which rules say different things. */
  conflicting: z.number().int(),
  rules: z.array(
    z.object({
      covered: z.number().int(),
      conflicting: z.number().int(),
      /** Of its records that people labelled, how many carry its label. */
      labelled: z.number().int(),
      right: z.number().int(),
    }),
  ),
});
export type RuleReport = z.infer<typeof ruleReportSchema>;

export const historyKindSchema = z.enum([
  'label',
  'accept',
  'clear',
  'discard',
  'flag',
  'note',
  'edit',
  'delete',
  'split',
  'add',
  'suggest',
  'rename',
  'undo',
  'redo',
  'revert',
]);
export type HistoryKind = z.infer<typeof historyKindSchema>;

export const historyEntrySchema = z.object({
  sequence: z.number().int(),
  at: z.string(),
  author: z.string(),
  kind: historyKindSchema,
  /** Records it changed. */
  records: z.number().int(),
  /** The first record it changed, for a link; null where it changed none. */
  firstNumber: z.number().int().nullable(),
  /** The label, split or note it gave; for undo and redo, the number of the entry they turned. */
  value: z.string().nullable(),
  /** Whether it counts now; null for undo, redo and revert themselves. */
  done: z.boolean().nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** What an action, undo or redo did: enough to show the next state without asking again. */
export const actionResultSchema = z.object({
  /** The entry of the history; null where nothing changed. */
  sequence: z.number().int().nullable(),
  changed: z.number().int(),
  /** Changed records as they are now, up to a limit. */
  records: z.array(labelRecordSchema),
  /** The labels, where it changed them. */
  labels: z.array(labelChoiceSchema).optional(),
  state: labellingStateSchema,
});
export type ActionResult = z.infer<typeof actionResultSchema>;
