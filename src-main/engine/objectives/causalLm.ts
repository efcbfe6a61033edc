import { defineOptions } from '../../contract/options.ts';
import { choosePromptWriter } from '../data/chatTemplate.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import { maskPrompt, wholeText } from '../data/completionMask.ts';
import type { DataRow, Example } from '../data/examples.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { maximumLengthOption, promptFormatOption } from './commonOptions.ts';
import { countLabelled, selectLabelled, tokenTargets } from './labelledRows.ts';
import type { Objective, ObjectiveSetting, PreparedRows, Score } from './objective.ts';
import { measureTokens, startTokenScore } from './tokenLoss.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(256),
  promptFormat: promptFormatOption,
});

function prepareRows(
  rows: readonly DataRow[],
  { tokenizer, options: { promptFormat, maximumLength } }: ObjectiveSetting<typeof options>,
): PreparedRows {
  const writer = choosePromptWriter(promptFormat, tokenizer);
  const examples: Example[] = [];
  let cut = 0;
  for (const { text, prompt, completion } of rows) {
    if ((completion ?? text).trim() === '') continue;
    const masked =
      completion === undefined
        ? wholeText(tokenizer, text, maximumLength)
        : maskPrompt(tokenizer, writer, prompt ?? '', completion, maximumLength);
    if (masked.labelledTokens === 0) continue;
    if (masked.truncated) cut++;
    examples.push(masked.example);
  }
  return { examples, cut, skipped: rows.length - examples.length };
}

/** The token each position has to predict, one further on; `unlabelled` where nothing counts. */
function nextTokens(example: Example): readonly number[] {
  return tokenTargets(example).slice(1);
}

function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const batch = collate(place, examples);
  const { rows, targets } = selectLabelled(model.encode(batch, pass), batch, examples, nextTokens);
  return { ...measureTokens(model, rows, targets, pass), targets };
}

function startScore(): Score {
  const score = startTokenScore();
  return {
    take(model, examples, place) {
      const { loss, likeliest, targets } = measure(model, examples, place, evaluationPass);
      score.add(loss.scalar(), likeliest, targets);
    },
    finish: () => ({ metrics: score.metrics() }),
  };
}

/** Writing on: answers to prompts, or plain text. Logits are computed only where a token counts, and never all of them at once. */
export const causalLm: Objective<typeof options> = {
  spec: {
    id: 'causalLm',
    name: { en: 'Text generation', ko: '텍스트 생성' },
    summary: {
      en: 'The model learns to write: answers to prompts, or more text of the same kind.',
      ko: '글쓰기를 배웁니다. 프롬프트에 대한 답이나 같은 종류의 글을 씁니다.',
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
        role: 'text',
        help: {
          en: 'A whole text to learn from, when there is no prompt and answer.',
          ko: '프롬프트와 답이 따로 없을 때, 통째로 배울 글입니다.',
        },
      },
    ],
    needs: [['completion'], ['text']],
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
    measure,
    startScore,
  }),
};
