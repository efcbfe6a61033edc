import { z } from 'zod';
import { modelTypeSchema } from './modelTypes.ts';
import { optionSpecsSchema } from './options.ts';
import { localizedTextSchema } from './text.ts';

/** What a run teaches the model: the objective, which decides head, columns and metrics. */
export const taskSchema = z.enum(['classification', 'causalLm']);
export type Task = z.infer<typeof taskSchema>;

export { modelTypeSchema, type ModelType } from './modelTypes.ts';

export const columnRoleSchema = z.enum(['text', 'textPair', 'label', 'prompt', 'completion']);
export type ColumnRole = z.infer<typeof columnRoleSchema>;

/** One fine-tuning method as shown in the form, the command line and the docs. */
export const methodSpecSchema = z.object({
  id: z.string(),
  /** Its standard name in the literature. */
  name: z.string(),
  summary: localizedTextSchema,
  /** When to choose it, in plain language. */
  advice: localizedTextSchema,
  paper: z.string().url().optional(),
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
  roles: z
    .array(z.object({ role: columnRoleSchema, required: z.boolean(), help: localizedTextSchema }))
    .readonly(),
  /** The metric that decides which checkpoint is best, and its direction. */
  decidingMetric: z.object({ name: z.string(), better: z.enum(['higher', 'lower']) }),
  options: optionSpecsSchema.readonly(),
});
export type ObjectiveSpec = z.infer<typeof objectiveSpecSchema>;
