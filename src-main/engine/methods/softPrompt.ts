import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import type { SoftPrompt } from '../models/hooks.ts';
import type { Model } from '../models/model.ts';
import type { ModelOutline } from '../models/outline.ts';
import { addParameter, attachAddition } from './addition.ts';
import type { Attached, SavedTensor } from './method.ts';
import type { PeftSettings } from './peftSettings.ts';

// What methods share whose adapters are virtual tokens in PEFT's files: one table `prompt_embeddings`.

/** PEFT does not wrap the model once more for these methods. */
export const promptWrapping = 'base_model.';
export const promptTable = 'prompt_embeddings';

/** Length and width of a table that stands for virtual tokens. */
export interface TableShape {
  readonly length: number;
  readonly width: number;
}

/** Width of a word embedding. */
export function wordWidth({ parameters, wordEmbedding }: ModelOutline): number {
  return parameters.get(wordEmbedding)?.[1] ?? 0;
}

/** Virtual tokens take positions from the text, which needs at least one. */
export function checkVirtualTokens({ maximumLength }: ModelOutline, count: number): Problem[] {
  return count < maximumLength
    ? []
    : [describeProblem('method.tooManyVirtualTokens', { count, maximum: maximumLength }, 'virtualTokens')];
}

/** The part of adapter_config.json that all of these methods share. */
export function promptConfig(
  peftType: string,
  virtualTokens: number,
  shape: { readonly width: number; readonly layers: number; readonly heads: number },
): Record<string, unknown> {
  return {
    peft_type: peftType,
    num_virtual_tokens: virtualTokens,
    token_dim: shape.width,
    num_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_transformer_submodules: 1,
  };
}

/** Number of virtual tokens of a saved adapter. */
export function savedTokens(settings: PeftSettings): number {
  settings.expect('num_transformer_submodules', [null, 1]);
  return settings.number('num_virtual_tokens', 0);
}

/** Puts virtual tokens before the texts. */
export function attachPrompt(
  model: Model,
  length: number,
  given: {
    readonly config: Readonly<Record<string, unknown>>;
    readonly parameters: readonly Parameter[];
    readonly embed: SoftPrompt['embed'];
    readonly members?: SoftPrompt['members'];
    readonly library?: 'tunebench';
    readonly tensors?: ReadonlyMap<string, SavedTensor>;
  },
): Attached {
  if (model.hooks.prompt !== null) throw new Error('Two methods want to put virtual tokens before the text.');
  model.hooks.prompt = { length, members: given.members, embed: given.embed };
  return attachAddition(model, {
    parameters: given.parameters,
    library: given.library,
    config: given.config,
    wrapping: promptWrapping,
    tensors: given.tensors,
    merge: null,
    takeOff() {
      model.hooks.prompt = null;
    },
  });
}

/** A soft prompt whose table is trained itself. */
export function attachPromptTable(
  model: Model,
  { length, width }: TableShape,
  start: Float32Array | number,
  config: Readonly<Record<string, unknown>>,
): Attached {
  const { backend } = model.wordEmbedding.value;
  const table = addParameter(backend, promptTable, [length, width], start);
  return attachPrompt(model, length, { config, parameters: [table], embed: () => table.value });
}
