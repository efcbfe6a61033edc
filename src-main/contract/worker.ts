import { z } from 'zod';
import { adapterUseSchema, combinationSchema } from './adapters.ts';
import { problemSchema } from './errors/index.ts';
import { runEventBodySchema } from './events.ts';
import { rowContentSchema, taskSchema } from './methods.ts';
import { predictionSchema } from './prediction.ts';
import { probeMessages, probeRequests } from './probe.ts';
import { runConfigSchema } from './runs.ts';
import { steeringChangeSchema, steeringSchema } from './steering.ts';

export { type Prediction, predictionSchema } from './prediction.ts';

/** Which backend to load; the host reads it once from the set-up record. */
export const backendChoiceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tensorflow'),
    bindingPath: z.string(),
    /** The fused kernels' library, where it was built. */
    kernelsPath: z.string().optional(),
  }),
  z.object({ kind: z.literal('portable') }),
]);
export type BackendChoice = z.infer<typeof backendChoiceSchema>;

/** A base model and what was trained on top of it. */
export const loadedModelSchema = z.object({
  modelFolder: z.string(),
  /** Adapter folder or full model folder written by a run; absent for the base model alone. */
  trainedFolder: z.string().optional(),
  task: taskSchema,
  /** Exactly the adapters that are at work, in order; left out: that of `trainedFolder` alone. */
  adapters: z.array(adapterUseSchema).optional(),
});
export type LoadedModel = z.infer<typeof loadedModelSchema>;

export const generationOptionsSchema = z.object({
  maximumNewTokens: z.number().int().min(1).max(4096).default(128),
  temperature: z.number().min(0).max(5).default(0),
  topK: z.number().int().min(0).default(0),
  topP: z.number().min(0).max(1).default(1),
  repetitionPenalty: z.number().min(0.1).max(10).default(1),
  stop: z.array(z.string()).default([]),
  seed: z.number().int().default(0),
});
export type GenerationOptions = z.infer<typeof generationOptionsSchema>;

/** A training run as the worker gets it: folders and files, no database. */
export const trainJobSchema = z.object({
  runId: z.string(),
  config: runConfigSchema,
  modelFolder: z.string(),
  /** JSON lines `{split, …}` with the content of each part that has a column, in dataset order. */
  dataFile: z.string(),
  /** Checkpoints go to `<runFolder>/checkpoints`, the result to `<runFolder>/result`. */
  runFolder: z.string(),
  /** Continue from the newest good checkpoint in the run's folder, if there is one. */
  resume: z.boolean(),
  /** Adapters under what is trained. */
  adapters: z.array(adapterUseSchema).optional(),
  /** Texts that are not learned from: their JSON lines, and the task by which they are measured. */
  watch: z.object({ dataFile: z.string(), task: taskSchema }).optional(),
  /**
   * What was changed in the run that this one repeats or goes on with, to be changed again at the same steps; `recorded`
   * where the log has it already.
   */
  steering: z.array(steeringSchema.extend({ recorded: z.boolean() })).optional(),
});
export type TrainJob = z.infer<typeof trainJobSchema>;

/** Host → worker. Requests carry an id that every answer to them repeats. */
export const workerRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), id: z.number(), backend: backendChoiceSchema }),
  z.object({ kind: z.literal('train'), id: z.number(), job: trainJobSchema }),
  z.object({ kind: z.literal('pause') }),
  z.object({ kind: z.literal('continue') }),
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('steer'), id: z.string(), change: steeringChangeSchema }),
  /** Everything told before `awaitsLog` is on disk. */
  z.object({ kind: z.literal('logWritten') }),
  z.object({
    kind: z.literal('predict'),
    id: z.number(),
    model: loadedModelSchema,
    rows: z.array(rowContentSchema),
  }),
  z.object({
    kind: z.literal('generate'),
    id: z.number(),
    model: loadedModelSchema,
    prompt: z.string(),
    options: generationOptionsSchema,
  }),
  z.object({ kind: z.literal('cancel'), id: z.number() }),
  ...probeRequests,
  /** Writes one LoRA adapter that does what several do. */
  z.object({
    kind: z.literal('combine'),
    id: z.number(),
    adapters: z.array(adapterUseSchema),
    how: combinationSchema,
    targetFolder: z.string(),
  }),
  /** Writes `trainedFolder` merged into its base as a Hugging Face model folder. */
  z.object({ kind: z.literal('merge'), id: z.number(), model: loadedModelSchema, targetFolder: z.string() }),
]);
export type WorkerRequest = z.infer<typeof workerRequestSchema>;

/** Worker → host. */
export const workerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), id: z.number(), device: z.string(), libraryVersion: z.string() }),
  z.object({ kind: z.literal('runEvent'), body: runEventBodySchema }),
  /** A checkpoint is about to be written: nothing that came before it will be told again. */
  z.object({ kind: z.literal('awaitsLog') }),
  z.object({ kind: z.literal('predicted'), id: z.number(), predictions: z.array(predictionSchema) }),
  z.object({ kind: z.literal('generatedText'), id: z.number(), text: z.string() }),
  z.object({ kind: z.literal('done'), id: z.number() }),
  ...probeMessages,
  z.object({ kind: z.literal('failed'), id: z.number(), problems: z.array(problemSchema) }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;
