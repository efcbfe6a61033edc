import type { ChatMessage, PromptWriter } from './chatTemplate.ts';
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

/** A text in parts that fit, in which every token counts. */
export function wholeText(tokenizer: TextTokenizer, text: string, maximumLength: number): Masked[] {
  const ids = closeText(tokenizer.encode(text).ids, 1, tokenizer.eosId);
  const parts: Masked[] = [];
  for (let from = 0; from < ids.length; from += maximumLength) {
    parts.push(finish(ids.slice(from, from + maximumLength), 0, maximumLength));
  }
  return parts;
}

/**
 * A conversation in which only what the assistant says counts, with the tokens that end it. The borders are longest common
 * token prefixes, as in `maskPrompt`.
 */
export function maskMessages(
  tokenizer: TextTokenizer,
  writer: PromptWriter,
  messages: readonly ChatMessage[],
  maximumLength: number,
): Masked {
  const options = { specialTokens: writer.specialTokens };
  const encode = (upTo: number, opensAnswer: boolean) =>
    tokenizer.encode(writer.writeMessages(messages.slice(0, upTo), opensAnswer), options).ids;
  const written = encode(messages.length, false);
  const last = messages.at(-1)?.role === 'assistant';
  const whole = last ? closeText(written, written.length - 1, tokenizer.eosId) : written;
  const target = whole.map(() => unlabelled);
  messages.forEach(({ role }, index) => {
    if (role !== 'assistant') return;
    const from = commonPrefixLength(encode(index, true), whole);
    const isLast = index === messages.length - 1;
    const to = isLast ? whole.length : commonPrefixLength(encode(index + 1, false), whole);
    for (let place = from; place < to; place++) target[place] = whole[place] ?? 0;
  });
  const kept = whole.slice(0, maximumLength);
  const counted = target.slice(0, maximumLength);
  return {
    example: { ids: kept, typeIds: null, target: counted },
    truncated: kept.length < whole.length,
    labelledTokens: counted.slice(1).filter((id) => id !== unlabelled).length,
  };
}
