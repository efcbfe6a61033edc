import type { ChatMessage } from './chatTemplate.ts';

/** Who speaks, by the words ShareGPT has for it. */
const speakers: Readonly<Record<string, string>> = {
  human: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  model: 'assistant',
  observation: 'tool',
};

function readMessage(value: unknown): ChatMessage | null {
  if (typeof value !== 'object' || value === null) return null;
  const speaker: unknown = Reflect.get(value, 'role') ?? Reflect.get(value, 'from');
  const content: unknown = Reflect.get(value, 'content') ?? Reflect.get(value, 'value');
  if (typeof speaker !== 'string' || typeof content !== 'string') return null;
  return { role: speakers[speaker] ?? speaker, content };
}

/** A conversation as OpenAI's files or ShareGPT write it; null where the cell holds none, or messages without text. */
export function readMessages(cell: string): ChatMessage[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(cell);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed)) return null;
  const messages = parsed.map(readMessage);
  return messages.every((message) => message !== null) ? messages : null;
}
