import { textOf } from '../../contract/datasets.ts';
import { type Shape, addNames, withoutFields } from './shape.ts';
import { conversationColumns, joinInstruction, splitTurns, turnsOfRow } from './turns.ts';

/** `{"instruction": "…", "input": "…", "output": "…"}`. Instruction and input together are the prompt. */
export const alpacaShape: Shape = {
  recognizes: (columns) =>
    ['instruction', 'output'].every((name) => columns.includes(name)) && !columns.includes('prompt'),
  addColumns: (columns) => addNames(columns, ['prompt']),
  expand(fields) {
    if (fields['instruction'] === undefined || fields['output'] === undefined) return undefined;
    return { ...fields, prompt: joinInstruction(fields) };
  },
  collapse(fields, columns) {
    const prompt = columns.prompt === undefined ? '' : textOf(fields[columns.prompt]);
    const rest = withoutFields(fields, [
      ...conversationColumns,
      'prompt',
      'completion',
      columns.prompt,
      columns.completion,
    ]);
    if (fields['instruction'] !== undefined && joinInstruction(fields) === prompt) {
      const own = ['instruction', 'input', 'output', 'system', 'history'].filter(
        (name) => fields[name] !== undefined,
      );
      const output = columns.completion === undefined ? fields['output'] : fields[columns.completion];
      return {
        ...Object.fromEntries(own.map((name) => [name, fields[name] ?? null])),
        output: output ?? '',
        ...rest,
      };
    }
    const said = splitTurns(turnsOfRow(fields, columns));
    return { instruction: said.prompt, input: '', output: said.completion, ...rest };
  },
};
