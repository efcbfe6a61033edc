import type { ModelType } from '../../contract/methods.ts';
import type { Architecture } from './architecture.ts';
import { bert } from './bert.ts';
import { debertaV2 } from './debertaV2.ts';
import { distilbert } from './distilbert.ts';
import { electra } from './electra.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3Text } from './gemma3Text.ts';
import { gpt2 } from './gpt2.ts';
import { gptNeox } from './gptNeox.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { opt } from './opt.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';
import { roberta } from './roberta.ts';
import { mt5, t5 } from './t5.ts';
import { xlmRoberta } from './xlmRoberta.ts';

/** Every architecture by its `model_type`: a new one is one file and one line here. */
export const architectures: Readonly<Record<ModelType, Architecture>> = {
  bert,
  roberta,
  distilbert,
  'xlm-roberta': xlmRoberta,
  electra,
  'deberta-v2': debertaV2,
  gpt2,
  llama,
  mistral,
  qwen2,
  qwen3,
  gemma2,
  gemma3_text: gemma3Text,
  phi3,
  opt,
  gpt_neox: gptNeox,
  t5,
  mt5,
};

export function findArchitecture(modelType: unknown): Architecture | undefined {
  return Object.values(architectures).find((architecture) => architecture.modelType === modelType);
}
