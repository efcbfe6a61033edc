import type { ModelType } from '../../contract/methods.ts';
import type { Architecture } from './architecture.ts';
import { bert } from './bert.ts';
import { distilbert } from './distilbert.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { qwen2 } from './qwen2.ts';
import { roberta } from './roberta.ts';

/** Every architecture by its `model_type`: a new one is one file and one line here. */
export const architectures: Readonly<Record<ModelType, Architecture>> = {
  bert,
  roberta,
  distilbert,
  gpt2,
  llama,
  mistral,
  qwen2,
};

export function findArchitecture(modelType: unknown): Architecture | undefined {
  return Object.values(architectures).find((architecture) => architecture.modelType === modelType);
}
