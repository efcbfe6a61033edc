import { type Shape, addNames, withoutFields } from './shape.ts';
import {
  conversationColumns,
  messagesNotation,
  readTurns,
  shareGptNotation,
  splitTurns,
  turnsOfRow,
  writeTurns,
} from './turns.ts';

const derived = ['prompt', 'completion'];

function createConversationShape(notation: typeof messagesNotation): Shape {
  const { column } = notation;
  return {
    recognizes: (columns, sample) =>
      columns.includes(column) &&
      !derived.some((name) => columns.includes(name)) &&
      sample.some((fields) => readTurns(fields[column]) !== undefined),
    addColumns: (columns) => addNames(columns, derived),
    expand(fields) {
      const turns = readTurns(fields[column]);
      return turns === undefined ? undefined : { ...fields, ...splitTurns(turns) };
    },
    collapse(fields, columns) {
      const used = [...conversationColumns, ...derived, columns.prompt, columns.completion];
      return { [column]: writeTurns(turnsOfRow(fields, columns), notation), ...withoutFields(fields, used) };
    },
  };
}

/** `{"messages": [{"role": "user", "content": "…"}, …]}`, as OpenAI's fine-tuning files have it. */
export const messagesShape = createConversationShape(messagesNotation);
/** `{"conversations": [{"from": "human", "value": "…"}, …]}`. */
export const shareGptShape = createConversationShape(shareGptNotation);
