import { Template } from '@huggingface/jinja';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { TextTokenizer } from './tokenizer.ts';

const promptFormats = ['automatic', 'chat', 'instruction', 'plain'] as const;
export type PromptFormat = (typeof promptFormats)[number];

export function isPromptFormat(value: unknown): value is PromptFormat {
  return typeof value === 'string' && promptFormats.some((format) => format === value);
}

/** One message of a conversation. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** How prompt and completion become one text for the model. */
export interface PromptWriter {
  /** The text up to where the answer begins. */
  writePrompt(prompt: string): string;
  writeExample(prompt: string, completion: string): string;
  /** @param opensAnswer ends where an answer begins */
  writeMessages(messages: readonly ChatMessage[], opensAnswer: boolean): string;
  /** Whether the tokenizer adds its special tokens: templates bring their own. */
  readonly specialTokens: boolean;
}

function writeChat(template: string, tokenizer: TextTokenizer): PromptWriter {
  let parsed: Template;
  try {
    parsed = new Template(template);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new TunebenchError('tokenizer.badChatTemplate', { detail }, { cause: error });
  }
  const render = (messages: readonly object[], addGenerationPrompt: boolean) => {
    try {
      return parsed.render({
        messages,
        add_generation_prompt: addGenerationPrompt,
        bos_token: tokenizer.bosToken ?? '',
        eos_token: tokenizer.eosToken ?? '',
      });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new TunebenchError('tokenizer.badChatTemplate', { detail }, { cause: error });
    }
  };
  return {
    specialTokens: false,
    writeMessages: render,
    writePrompt: (prompt) => render([{ role: 'user', content: prompt }], true),
    writeExample: (prompt, completion) =>
      render(
        [
          { role: 'user', content: prompt },
          { role: 'assistant', content: completion },
        ],
        false,
      ),
  };
}

function writeAround(before: string, between: string): PromptWriter {
  return {
    specialTokens: true,
    // An answer follows the question's heading; everything but the last message ends with a blank line.
    writeMessages: (messages, opensAnswer) =>
      messages
        .map(({ role, content }, index) => {
          if (role === 'user') return `${before}${content}${between}`;
          return index < messages.length - 1 || opensAnswer ? `${content}\n\n` : content;
        })
        .join(''),
    writePrompt: (prompt) => `${before}${prompt}${between}`,
    writeExample: (prompt, completion) => `${before}${prompt}${between}${completion}`,
  };
}

/**
 * The writer for a format. `automatic` is the model's own chat template where it has one, otherwise an instruction
 * layout with headings; `plain` puts prompt and completion on a line each.
 * @throws TunebenchError `tokenizer.noChatTemplate` when `chat` is asked of a model without a template
 */
export function choosePromptWriter(format: PromptFormat, tokenizer: TextTokenizer): PromptWriter {
  switch (format) {
    case 'automatic':
      return choosePromptWriter(tokenizer.chatTemplate === null ? 'instruction' : 'chat', tokenizer);
    case 'chat':
      if (tokenizer.chatTemplate === null) throw new TunebenchError('tokenizer.noChatTemplate');
      return writeChat(tokenizer.chatTemplate, tokenizer);
    case 'instruction':
      return writeAround('### Instruction:\n', '\n\n### Response:\n');
    case 'plain':
      return writeAround('', '\n');
    default:
      return format satisfies never;
  }
}
