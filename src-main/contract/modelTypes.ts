import { z } from 'zod';

/** Architectures by what they are, each named as `model_type` in a checkpoint's config.json. */
export const modelFamilies = {
  /** Read a text from both sides. */
  encoder: ['bert', 'roberta', 'distilbert', 'xlm-roberta', 'electra', 'deberta-v2'],
  /** Read from left to right, and write. */
  decoder: ['gpt2', 'llama', 'mistral', 'qwen2', 'qwen3', 'gemma2', 'gemma3_text', 'phi3', 'opt', 'gpt_neox'],
} as const;

export const modelTypeSchema = z.enum([...modelFamilies.encoder, ...modelFamilies.decoder]);
export type ModelType = z.infer<typeof modelTypeSchema>;

/** Every architecture there is. */
export const modelTypes: readonly ModelType[] = modelTypeSchema.options;
