import { type FieldValue, type Fields, textOf } from '../../contract/datasets.ts';
import { isList, isObject } from '../values.ts';
import { type PromptColumns, withoutFields } from './shape.ts';

/** One message of a conversation. */
export interface Turn {
  readonly role: string;
  readonly content: string;
  /** What else a message has, such as tool calls or a weight. */
  readonly rest: Fields;
}

interface Notation {
  readonly column: 'messages' | 'conversations';
  readonly role: string;
  readonly content: string;
}
export const messagesNotation: Notation = { column: 'messages', role: 'role', content: 'content' };
export const shareGptNotation: Notation = { column: 'conversations', role: 'from', content: 'value' };

/** ShareGPT's words for who speaks. */
const rolesOfShareGpt: Readonly<Record<string, string>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  assistant: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  model: 'assistant',
  system: 'system',
  function_call: 'tool_call',
  observation: 'tool',
  tool: 'tool',
};
const shareGptRoles: Readonly<Record<string, string>> = {
  user: 'human',
  assistant: 'gpt',
  system: 'system',
  tool_call: 'function_call',
  tool: 'observation',
};

function readTurn(value: FieldValue, notation: Notation): Turn | undefined {
  if (!isObject(value)) return undefined;
  const role = value[notation.role];
  const content = value[notation.content];
  if (typeof role !== 'string') return undefined;
  const known = notation === shareGptNotation ? (rolesOfShareGpt[role] ?? role) : role;
  const rest = withoutFields(value, [notation.role, notation.content]);
  return { role: known, content: textOf(content), rest };
}

/** The turns in a value, written either way; undefined where it is no conversation. Files of text hold it as JSON. */
export function readTurns(value: FieldValue | undefined): Turn[] | undefined {
  let list = value;
  if (typeof value === 'string' && value.trimStart().startsWith('[')) {
    try {
      list = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  if (!isList(list) || list.length === 0) return undefined;
  const notation = isObject(list[0]) && 'from' in list[0] ? shareGptNotation : messagesNotation;
  const turns = list.map((item) => readTurn(item, notation));
  return turns.every((turn) => turn !== undefined) ? turns : undefined;
}

/** Turns as the value of a column in a notation. */
export function writeTurns(turns: readonly Turn[], notation: Notation): FieldValue {
  return turns.map(({ role, content, rest }) => ({
    [notation.role]: notation === shareGptNotation ? (shareGptRoles[role] ?? role) : role,
    [notation.content]: content,
    ...rest,
  }));
}

const names: Readonly<Record<string, string>> = {
  user: 'User',
  assistant: 'Assistant',
  system: 'System',
  tool: 'Tool',
};

/** The last answer, and everything before it as one text: a single question as it is, several turns with their names. */
export function splitTurns(turns: readonly Turn[]): { prompt: string; completion: string } {
  const last = turns.findLastIndex(({ role }) => role === 'assistant');
  const before = last < 0 ? turns : turns.slice(0, last);
  const completion = turns[last]?.content ?? '';
  const system = before[0]?.role === 'system' ? before[0] : undefined;
  const rest = system === undefined ? before : before.slice(1);
  const [only, second] = rest;
  const spoken =
    only !== undefined && second === undefined
      ? only.content
      : rest.map(({ role, content }) => `${names[role] ?? role}: ${content}`).join('\n');
  return { prompt: system === undefined ? spoken : `${system.content}\n\n${spoken}`, completion };
}

function turnsOfAlpaca(fields: Fields): Turn[] | undefined {
  if (fields['instruction'] === undefined || fields['output'] === undefined) return undefined;
  const turn = (role: string, content: string): Turn => ({ role, content, rest: {} });
  const system = textOf(fields['system']);
  const history = isList(fields['history']) ? fields['history'] : [];
  return [
    ...(system === '' ? [] : [turn('system', system)]),
    ...history.flatMap((pair) =>
      isList(pair) ? [turn('user', textOf(pair[0])), turn('assistant', textOf(pair[1]))] : [],
    ),
    turn('user', joinInstruction(fields)),
    turn('assistant', textOf(fields['output'])),
  ];
}

/** Instruction and input as one question. */
export function joinInstruction(fields: Fields): string {
  const input = textOf(fields['input']);
  const instruction = textOf(fields['instruction']);
  return input === '' ? instruction : `${instruction}\n\n${input}`;
}

/** The columns in which a row can keep a conversation. */
export const conversationColumns = [
  'messages',
  'conversations',
  'instruction',
  'input',
  'output',
  'system',
  'history',
];

/**
 * The conversation of a row: as its own columns have it where prompt and completion still say the same, with the last
 * answer replaced where only that was edited, else made from prompt and completion.
 */
export function turnsOfRow(fields: Fields, columns: PromptColumns): Turn[] {
  const prompt = columns.prompt === undefined ? undefined : textOf(fields[columns.prompt]);
  const completion = columns.completion === undefined ? undefined : textOf(fields[columns.completion]);
  const kept = readTurns(fields['messages']) ?? readTurns(fields['conversations']) ?? turnsOfAlpaca(fields);
  if (kept !== undefined) {
    const said = splitTurns(kept);
    const samePrompt =
      prompt === undefined || said.prompt === prompt || splitTurns(kept.slice(-2)).prompt === prompt;
    if (samePrompt) {
      const last = kept.findLastIndex(({ role }) => role === 'assistant');
      return kept.map((turn, index) =>
        index === last && completion !== undefined ? { ...turn, content: completion } : turn,
      );
    }
  }
  return [
    { role: 'user', content: prompt ?? '', rest: {} },
    { role: 'assistant', content: completion ?? '', rest: {} },
  ];
}
