import type { PromptWriter } from './chatTemplate.ts';
import { type Example, unlabelled } from './examples.ts';
import type { TextTokenizer } from './tokenizer.ts';

function commonPrefixLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Adds the end token unless the text already has one after `from`: without it in the loss a model never stops. */
function closeText(ids: readonly number[], from: number, eosId: number | null): number[] {
  return eosId === null || ids.indexOf(eosId, from) >= 0 ? [...ids] : [...ids, eosId];
}

export interface Masked {
  readonly example: Example;
  readonly truncated: boolean;
  /** Positions that count: 0 means the row teaches nothing. */
  readonly labelledTokens: number;
}

function finish(ids: readonly number[], firstLabelled: number, maximumLength: number): Masked {
  const kept = ids.slice(0, maximumLength);
  const target = kept.map((id, position) => (position < firstLabelled ? unlabelled : id));
  // Position 0 is predicted from nothing, so it never counts.
  const labelledTokens = Math.max(0, kept.length - Math.max(1, firstLabelled));
  return {
    example: { ids: kept, typeIds: null, target },
    truncated: kept.length < ids.length,
    labelledTokens,
  };
}

/**
 * Prompt and completion as one example in which only the completion and its end token count. The border is the longest
 * common token prefix of the prompt alone and the whole, because a tokenizer may join characters across it.
 */
export function maskPrompt(
  tokenizer: TextTokenizer,
  writer: PromptWriter,
  prompt: string,
  completion: string,
  maximumLength: number,
): Masked {
  const options = { specialTokens: writer.specialTokens };
  const promptIds = tokenizer.encode(writer.writePrompt(prompt), options).ids;
  const wholeIds = tokenizer.encode(writer.writeExample(prompt, completion), options).ids;
  const border = commonPrefixLength(promptIds, wholeIds);
  return finish(closeText(wholeIds, border, tokenizer.eosId), border, maximumLength);
}

/** A text in which every token counts. */
export function wholeText(tokenizer: TextTokenizer, text: string, maximumLength: number): Masked {
  const { ids } = tokenizer.encode(text);
  return finish(closeText(ids, 1, tokenizer.eosId), 0, maximumLength);
}
