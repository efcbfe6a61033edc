import { expect, it } from 'vitest';
import type { ModelType } from '../../../../src-main/contract/modelTypes.ts';
import { chooseTargets } from '../../../../src-main/engine/methods/targets.ts';
import { outlineModel } from '../../../../src-main/engine/models/outline.ts';
import { modelTypes, recordedFiles, taskOf } from '../../../parity/recordings.ts';

// TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING of PEFT 0.21.2, which knows no phi3.
const targets: Readonly<Record<ModelType, readonly string[]>> = {
  bert: ['query', 'value'],
  roberta: ['query', 'value'],
  distilbert: ['q_lin', 'v_lin'],
  'xlm-roberta': ['query', 'value'],
  electra: ['query', 'value'],
  'deberta-v2': ['query_proj', 'value_proj'],
  gpt2: ['c_attn'],
  llama: ['q_proj', 'v_proj'],
  mistral: ['q_proj', 'v_proj'],
  qwen2: ['q_proj', 'v_proj'],
  qwen3: ['q_proj', 'v_proj'],
  gemma2: ['q_proj', 'v_proj'],
  gemma3_text: ['q_proj', 'v_proj'],
  phi3: ['qkv_proj'],
  opt: ['q_proj', 'v_proj'],
  gpt_neox: ['query_key_value'],
  t5: ['q', 'v'],
  mt5: ['q', 'v'],
};

it.each(modelTypes)('of %s are those PEFT would choose', (modelType) => {
  const outline = outlineModel(recordedFiles(modelType), modelType, taskOf(modelType), 3);
  expect(chooseTargets(outline, [])).toEqual(targets[modelType]);
});
