import type { RowContent } from '../../contract/methods.ts';
import { defineOptions } from '../../contract/options.ts';
import { choosePromptWriter } from '../data/chatTemplate.ts';
import { type Masked, maskMessages, maskPrompt, wholeText } from '../data/completionMask.ts';
import type { DataRow, Example } from '../data/examples.ts';
import { readMessages } from '../data/messages.ts';
import { encodePrompt, trimEnd } from '../generate/prompts.ts';
import { maximumLengthOption, promptFormatOption } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import { countLabelled, tokenTargets } from './labelledRows.ts';
import type { Objective, ObjectiveSetting, PreparedRows } from './objective.ts';
import { type Posed, posePrompt } from './posing.ts';
import { tokenGuesses } from './tokenGuesses.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(256),
  promptFormat: promptFormatOption,
});

function prepareRows(
  rows: readonly DataRow[],
  { tokenizer, options: { promptFormat, maximumLength } }: ObjectiveSetting<typeof options>,
): PreparedRows {
  const writer = choosePromptWriter(promptFormat, tokenizer);
  const mask = ({ text, prompt, completion, messages }: DataRow): Masked[] => {
    const conversation = messages === undefined ? null : readMessages(messages);
    if (conversation !== null) return [maskMessages(tokenizer, writer, conversation, maximumLength)];
    if (completion === undefined) return text.trim() === '' ? [] : wholeText(tokenizer, text, maximumLength);
    if (completion.trim() === '') return [];
    return [maskPrompt(tokenizer, writer, prompt ?? '', completion, maximumLength)];
  };
  return gatherExamples(rows, (row) => mask(row).filter(({ labelledTokens }) => labelledTokens > 0));
}

/** Of a plain text, so many tokens are shown at most; what follows them is what would be right. */
const beginningTokens = 64;

/** What is asked before the last answer of a row, or the beginning of a text. */
function pose(
  { text = '', prompt = '', completion, messages }: RowContent,
  { tokenizer, options: { promptFormat, maximumLength } }: ObjectiveSetting<typeof options>,
): Posed | null {
  const conversation = messages === undefined ? null : readMessages(messages);
  if (conversation !== null) {
    const last = conversation.findLastIndex(({ role }) => role === 'assistant');
    const before = conversation.slice(0, Math.max(0, last));
    if (before.length === 0) return null;
    const writer = choosePromptWriter(promptFormat, tokenizer);
    const written = writer.writeMessages(before, true);
    const { ids } = tokenizer.encode(written, { specialTokens: writer.specialTokens });
    const said = before.map(({ role, content }) => (before.length === 1 ? content : `${role}: ${content}`));
    const asked = { prompt: said.join('\n') };
    return posePrompt(asked, conversation[last]?.content ?? '', trimEnd(tokenizer, ids), maximumLength);
  }
  if (completion !== undefined) {
    return posePrompt({ prompt }, completion, encodePrompt(tokenizer, promptFormat, prompt), maximumLength);
  }
  const tokens = tokenizer.locate(text).slice(0, maximumLength);
  const border = Math.min(beginningTokens, Math.floor(tokens.length / 2));
  const half = text.slice(0, tokens[border]?.start ?? 0);
  // Rather a whole word less than a part of one.
  const beginning = half.replace(/\s+\S*$/u, '');
  const follows = text.slice(beginning.length, tokens[border + beginningTokens]?.start);
  const ids = beginning === '' ? [] : trimEnd(tokenizer, tokenizer.encode(beginning).ids);
  return posePrompt({ text: beginning }, follows.trim(), ids, maximumLength);
}

/** The token each position has to predict, one further on; `unlabelled` where nothing counts. */
function nextTokens(example: Example): readonly number[] {
  return tokenTargets(example).slice(1);
}

/** Writing on: answers to prompts, or plain text. Logits are computed only where a token counts, and never all of them at once. */
export const causalLm: Objective<typeof options> = {
  spec: {
    id: 'causalLm',
    name: { en: 'Text generation', ko: '텍스트 생성' },
    summary: {
      en: 'The model learns to write: answers to prompts, its part of conversations, or, from plain text without labels, the language of a field (domain adaptation).',
      ko: '글쓰기를 배웁니다. 질문에 대한 답, 대화에서 맡은 말, 또는 라벨 없는 글에서 그 분야의 말(도메인 적응)을 익힙니다.',
    },
    head: 'nextToken',
    roles: [
      {
        role: 'prompt',
        help: {
          en: 'What a person asks. The model does not learn to write it.',
          ko: '사람이 묻는 말입니다. 모델은 이 부분을 쓰는 법은 배우지 않습니다.',
        },
      },
      {
        role: 'completion',
        isAnswer: true,
        help: { en: 'The answer the model should give.', ko: '모델이 내놓아야 할 답입니다.' },
      },
      {
        role: 'messages',
        isAnswer: true,
        help: {
          en: 'A whole conversation as a list of messages. Only what the assistant says counts.',
          ko: '메시지 목록으로 된 대화 전체입니다. assistant의 말만 학습합니다.',
        },
      },
      {
        role: 'text',
        help: {
          en: 'Plain text to learn from whole, of any length: how a model gets to know a field.',
          ko: '통째로 배울 글입니다. 길이는 상관없고, 모델이 그 분야를 익히게 합니다.',
        },
      },
    ],
    needs: [['completion'], ['messages'], ['text']],
    prediction: 'text',
    decidingMetric: { name: 'loss', better: 'lower' },
    options,
  },
  fewestLabels: 0,
  collectLabels: () => [],
  open: (setting) => ({
    prepareRows: (rows) => prepareRows(rows, setting),
    countTargets: (examples) =>
      examples.reduce((sum, example) => sum + countLabelled(nextTokens(example)), 0),
    ...tokenGuesses(nextTokens),
    pose: (row) => pose(row, setting),
  }),
};
