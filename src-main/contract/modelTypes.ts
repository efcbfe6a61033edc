import { z } from 'zod';

/** Architectures by what they are, each named as `model_type` in a checkpoint's config.json. */
export const modelFamilies = {
  /** Read a text from both sides. */
  encoder: ['bert', 'roberta', 'distilbert', 'xlm-roberta', 'electra', 'deberta-v2'],
  /** Read from left to right, and write. */
  decoder: ['gpt2', 'llama', 'mistral', 'qwen2', 'qwen3', 'gemma2', 'gemma3_text', 'phi3', 'opt', 'gpt_neox'],
  /** Read a text from both sides and write another. */
  encoderDecoder: ['t5', 'mt5'],
} as const;

export const modelTypeSchema = z.enum([
  ...modelFamilies.encoder,
  ...modelFamilies.decoder,
  ...modelFamilies.encoderDecoder,
]);
export type ModelType = z.infer<typeof modelTypeSchema>;

/** What people call them. */
export const modelNames: Readonly<Record<ModelType, string>> = {
  bert: 'BERT',
  roberta: 'RoBERTa',
  distilbert: 'DistilBERT',
  'xlm-roberta': 'XLM-RoBERTa',
  electra: 'ELECTRA',
  'deberta-v2': 'DeBERTa 2, 3',
  gpt2: 'GPT-2',
  llama: 'Llama',
  mistral: 'Mistral',
  qwen2: 'Qwen2',
  qwen3: 'Qwen3',
  gemma2: 'Gemma 2',
  gemma3_text: 'Gemma 3 (text)',
  phi3: 'Phi-3, 4',
  opt: 'OPT',
  gpt_neox: 'GPT-NeoX, Pythia',
  t5: 'T5, Flan-T5',
  mt5: 'mT5',
};

/** Every architecture there is. */
export const modelTypes: readonly ModelType[] = modelTypeSchema.options;
