import { type FieldValue, type Fields, textOf } from '../../contract/datasets.ts';
import { isObject } from '../values.ts';
import { type Shape, addNames, withoutFields } from './shape.ts';
import { joinInstruction, readTurns, splitTurns } from './turns.ts';

/** An answer written as text, as one message, or as a conversation that ends with it. */
function answerOf(value: FieldValue | undefined): string {
  if (isObject(value)) return textOf(value['content'] ?? value['value']);
  const turns = readTurns(value);
  return turns === undefined ? textOf(value) : splitTurns(turns).completion;
}

/** The question, wherever the row keeps it. */
function promptOf(fields: Fields): string {
  const written = fields['prompt'] ?? fields['question'];
  const asked = readTurns(written);
  if (asked !== undefined) return splitTurns(asked).prompt;
  if (written !== undefined) return textOf(written);
  if (fields['instruction'] !== undefined) return joinInstruction(fields);
  const before =
    readTurns(fields['conversations']) ?? readTurns(fields['messages']) ?? readTurns(fields['chosen']);
  return before === undefined ? '' : splitTurns(before).prompt;
}

const plainText = (value: FieldValue | undefined): boolean =>
  typeof value === 'string' && readTurns(value) === undefined;

/**
 * `{"prompt": "…", "chosen": "…", "rejected": "…"}`, the answers also as messages or whole conversations. Answers that
 * are not plain text are written out as `chosenText` and `rejectedText`, and the question as `promptText`.
 */
export const preferenceShape: Shape = {
  recognizes: (columns, sample) =>
    ['chosen', 'rejected'].every((name) => columns.includes(name)) &&
    !columns.includes('chosenText') &&
    sample.some(({ prompt, chosen, rejected }) => ![prompt, chosen, rejected].every(plainText)),
  addColumns: (columns) => addNames(columns, ['promptText', 'chosenText', 'rejectedText']),
  expand(fields) {
    if (fields['chosen'] === undefined || fields['rejected'] === undefined) return undefined;
    return {
      ...fields,
      promptText: promptOf(fields),
      chosenText: answerOf(fields['chosen']),
      rejectedText: answerOf(fields['rejected']),
    };
  },
  collapse(fields, columns) {
    const prompt = columns.prompt === undefined ? promptOf(fields) : textOf(fields[columns.prompt]);
    const used = ['promptText', 'chosenText', 'rejectedText', 'chosen', 'rejected', columns.prompt];
    return {
      prompt,
      chosen: fields['chosenText'] ?? answerOf(fields['chosen'] ?? fields[columns.completion ?? '']),
      rejected: fields['rejectedText'] ?? answerOf(fields['rejected']),
      ...withoutFields(fields, used),
    };
  },
};
