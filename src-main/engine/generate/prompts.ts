import { type PromptFormat, choosePromptWriter } from '../data/chatTemplate.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';

/** Without the end tokens some tokenizers add: nothing would follow them. */
export function trimEnd(tokenizer: TextTokenizer, ids: readonly number[]): number[] {
  const kept = [...ids];
  while (kept.length > 0 && kept.at(-1) === tokenizer.eosId) kept.pop();
  return kept;
}

/** A prompt as it is written in training, up to where the answer begins. */
export function encodePrompt(tokenizer: TextTokenizer, format: PromptFormat, prompt: string): number[] {
  const writer = choosePromptWriter(format, tokenizer);
  const { ids } = tokenizer.encode(writer.writePrompt(prompt), { specialTokens: writer.specialTokens });
  return trimEnd(tokenizer, ids);
}
