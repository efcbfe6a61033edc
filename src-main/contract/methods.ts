import { z } from 'zod';
import { methodTraitsSchema } from './methodTraits.ts';
import { modelTypeSchema } from './modelTypes.ts';
import { optionSpecsSchema } from './options.ts';
import { localizedTextSchema } from './text.ts';

/** What a run teaches the model: the objective, which decides head, columns and metrics. */
export const taskSchema = z.enum([
  'classification',
  'multiLabel',
  'regression',
  'tokenClassification',
  'extractiveQa',
  'maskedLm',
  'causalLm',
  'seq2seq',
  'sentenceEmbedding',
  'preference',
]);
export type Task = z.infer<typeof taskSchema>;
/** For methods that work whatever is taught. */
export const allTasks: readonly Task[] = taskSchema.options;

/** What stands on top of a model's body. */
export const headSchema = z.enum([
  /** Nothing: its hidden states are what is wanted. */
  'none',
  /** Scores of a whole text, one for each class. */
  'classes',
  /** Scores of each token. */
  'tokenClasses',
  /** Scores of each token for being an answer's first and last. */
  'span',
  /** Which token was hidden. */
  'maskedToken',
  /** Which token comes next. */
  'nextToken',
  /** Which token comes next in an answer to a text that was read whole. */
  'targetToken',
]);
export type Head = z.infer<typeof headSchema>;

const heads = {
  classification: 'classes',
  multiLabel: 'classes',
  regression: 'classes',
  tokenClassification: 'tokenClasses',
  extractiveQa: 'span',
  maskedLm: 'maskedToken',
  causalLm: 'nextToken',
  seq2seq: 'targetToken',
  sentenceEmbedding: 'none',
  preference: 'nextToken',
} as const satisfies Record<Task, Head>;

/** The head that a task needs. */
export function headOf(task: Task): Head {
  return heads[task];
}

/** Tasks whose head is started anew where a checkpoint has none for these labels. */
export const tasksWithNewHead: readonly Task[] = allTasks.filter((task) =>
  ['classes', 'tokenClasses', 'span'].includes(heads[task]),
);

export { modelTypeSchema, type ModelType } from './modelTypes.ts';

export const columnRoleSchema = z.enum([
  'text',
  'textPair',
  'label',
  /** Labelled stretches of the text: JSON `[{start, end, label}]` in UTF-16 units. */
  'spans',
  /** Words: a JSON list, or words with spaces between them. */
  'tokens',
  /** A tag for each word, likewise. */
  'tags',
  'prompt',
  'completion',
  /** A conversation: JSON `[{role, content}]`. */
  'messages',
  'chosen',
  'rejected',
  'question',
  'context',
  /** An answer that stands in the context: text, or SQuAD's JSON `{text: […], answer_start: […]}`. */
  'answer',
  /** Where the answer begins in the context, in UTF-16 units. */
  'answerStart',
]);
export type ColumnRole = z.infer<typeof columnRoleSchema>;

/** The content of one row by the part it plays, as a model is given it. */
export const rowContentSchema = z.partialRecord(columnRoleSchema, z.string());
export type RowContent = z.infer<typeof rowContentSchema>;

/** What comes out when a trained model is tried. */
export const predictionFormSchema = z.enum([
  'labels',
  'number',
  'spans',
  'answer',
  'fills',
  'similarity',
  'text',
]);

/** One fine-tuning method as shown in the form, the command line and the docs. */
export const methodSpecSchema = z.object({
  id: z.string(),
  /** Its standard name in the literature. */
  name: localizedTextSchema,
  summary: localizedTextSchema,
  /** When to choose it, in plain language. */
  advice: localizedTextSchema,
  paper: z.string().url().optional(),
  traits: methodTraitsSchema,
  tasks: z.array(taskSchema).readonly(),
  modelTypes: z.array(modelTypeSchema).readonly(),
  options: optionSpecsSchema.readonly(),
});
export type MethodSpec = z.infer<typeof methodSpecSchema>;

/** One task as shown in the form: which columns it needs, which metric decides, which options it has. */
export const objectiveSpecSchema = z.object({
  id: taskSchema,
  name: localizedTextSchema,
  summary: localizedTextSchema,
  head: headSchema,
  roles: z
    .array(
      z.object({
        role: columnRoleSchema,
        /** What the model has to find: given in training only. */
        isAnswer: z.boolean().optional(),
        help: localizedTextSchema,
      }),
    )
    .readonly(),
  /** Sets of parts of which one must be there whole. */
  needs: z.array(z.array(columnRoleSchema).readonly()).readonly(),
  prediction: predictionFormSchema,
  /** The metric that decides which checkpoint is best, and its direction. */
  decidingMetric: z.object({ name: z.string(), better: z.enum(['higher', 'lower']) }),
  options: optionSpecsSchema.readonly(),
});
export type ObjectiveSpec = z.infer<typeof objectiveSpecSchema>;

/** The parts that are missing before a task can be taught with these; those that lack least, where there is a choice. */
export function missingRoles(
  { needs }: Pick<ObjectiveSpec, 'needs'>,
  roles: Readonly<Partial<Record<ColumnRole, unknown>>>,
): readonly ColumnRole[] {
  const lacking = needs.map((set) => set.filter((role) => roles[role] === undefined));
  return lacking.reduce((fewest, set) => (set.length < fewest.length ? set : fewest), lacking[0] ?? []);
}

/**
 * The task that columns speak for: among those that lack nothing, the one that uses most of them; the first of equals.
 * @param isPossible leaves tasks out, such as those a model cannot do
 */
export function chooseTask(
  objectives: readonly Pick<ObjectiveSpec, 'id' | 'needs' | 'roles'>[],
  columns: Readonly<Partial<Record<ColumnRole, unknown>>>,
  isPossible: (task: Task) => boolean = () => true,
): Task | undefined {
  const used = ({ roles }: Pick<ObjectiveSpec, 'roles'>) =>
    roles.filter(({ role }) => columns[role] !== undefined).length;
  return objectives
    .filter((objective) => isPossible(objective.id) && missingRoles(objective, columns).length === 0)
    .reduce<(typeof objectives)[number] | undefined>(
      (best, each) => (best === undefined || used(each) > used(best) ? each : best),
      undefined,
    )?.id;
}
