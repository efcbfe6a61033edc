import { type OptionValues, defineOptions } from '../../contract/options.ts';
import { sumAtOnce } from '../autodiff/tape.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { choosePromptWriter } from '../data/chatTemplate.ts';
import { maskPrompt, wholeText } from '../data/completionMask.ts';
import { collate } from '../data/collate.ts';
import { type DataRow, type Example, unlabelled } from '../data/examples.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import type { Model, ModelBatch } from '../models/model.ts';
import { textStarts } from '../models/sight.ts';
import { argMax, crossEntropy, gatherRows, indicesFrom, reshape, scale, slice } from '../ops/index.ts';
import { maximumLengthOption } from './commonOptions.ts';
import type { Objective, PreparedRows, Score } from './objective.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(256),
  promptFormat: {
    type: 'choice',
    default: 'automatic',
    choices: [
      { value: 'automatic', label: { en: 'Automatic', ko: '자동' } },
      { value: 'chat', label: { en: 'The model’s chat template', ko: '모델의 채팅 템플릿' } },
      { value: 'instruction', label: { en: 'Instruction with headings', ko: '제목이 있는 지시문' } },
      { value: 'plain', label: { en: 'Plain lines', ko: '줄만 나누기' } },
    ],
    label: { en: 'Prompt format', ko: '프롬프트 형식' },
    help: {
      en: 'How a question and its answer become one text. Automatic takes the model’s chat template if it has one, headings otherwise. Trying the model later uses the same format.',
      ko: '질문과 답을 하나의 글로 잇는 방식입니다. 자동은 모델에 채팅 템플릿이 있으면 그것을, 없으면 제목 형식을 씁니다. 나중에 모델을 써 볼 때도 같은 형식을 씁니다.',
    },
    advanced: true,
  },
});

function prepareRows(
  rows: readonly DataRow[],
  tokenizer: TextTokenizer,
  _labels: readonly string[],
  { maximumLength, promptFormat }: OptionValues<typeof options>,
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
  return typeof example.target === 'number' ? [] : example.target.slice(1);
}

/** Rows of `hidden` `[batch, time, width]` whose next token counts → `[counted, width]`, and those tokens. */
function selectLabelled(
  hidden: Tensor,
  batch: ModelBatch,
  examples: readonly Example[],
): { rows: Tensor; targets: number[] } {
  const [count = 0, time = 0, width = 0] = hidden.shape;
  const starts = textStarts(batch, time);
  const positions: number[] = [];
  const targets: number[] = [];
  examples.forEach((example, row) => {
    nextTokens(example).forEach((token, position) => {
      if (token === unlabelled) return;
      positions.push((starts[row] ?? 0) + position);
      targets.push(token);
    });
  });
  const flat = reshape(hidden, [count * time, width]);
  return { rows: gatherRows(flat, indicesFrom(hidden.backend, positions)), targets };
}

/** Logits held at once: bounds memory where the vocabulary is large. */
const chunkElements = 2 ** 24;

/** Mean loss of predicting each row's token, some rows at a time, and the likeliest tokens where they are wanted. */
function measureRows(model: Model, rows: Tensor, targets: readonly number[], wantsPredictions: boolean) {
  const [count = 0, width = 0] = rows.shape;
  const perPart = Math.max(1, Math.floor(chunkElements / model.vocabularySize));
  const likeliest: number[] = [];
  const loss = sumAtOnce(rows, Math.ceil(count / perPart), (all, part) => {
    const start = part * perPart;
    const length = Math.min(perPart, count - start);
    const logits = model.vocabularyLogits(slice(all, [start, 0], [length, width]));
    if (wantsPredictions) likeliest.push(...argMax(logits).values());
    const labels = indicesFrom(all.backend, targets.slice(start, start + length));
    return scale(crossEntropy(logits, labels), length / count);
  });
  return { loss, predictions: wantsPredictions ? () => likeliest : null };
}

function startScore(): Score {
  let lossSum = 0;
  let right = 0;
  let total = 0;
  return {
    add(loss, predictions, targets) {
      lossSum += loss * targets.length;
      total += targets.length;
      targets.forEach((target, index) => {
        if (predictions[index] === target) right++;
      });
    },
    finish() {
      const loss = lossSum / Math.max(1, total);
      return {
        metrics: { loss, perplexity: Math.exp(loss), tokenAccuracy: right / Math.max(1, total) },
      };
    },
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
    roles: [
      {
        role: 'prompt',
        required: false,
        help: {
          en: 'What a person asks. The model does not learn to write it.',
          ko: '사람이 묻는 말입니다. 모델은 이 부분을 쓰는 법은 배우지 않습니다.',
        },
      },
      {
        role: 'completion',
        required: false,
        help: { en: 'The answer the model should give.', ko: '모델이 내놓아야 할 답입니다.' },
      },
      {
        role: 'text',
        required: false,
        help: {
          en: 'A whole text to learn from, when there is no prompt and answer.',
          ko: '프롬프트와 답이 따로 없을 때, 통째로 배울 글입니다.',
        },
      },
    ],
    decidingMetric: { name: 'loss', better: 'lower' },
    options,
  },
  reportsTrainingAccuracy: false,
  collectLabels: () => [],
  prepareRows,
  countTargets: (examples) =>
    examples.reduce(
      (sum, example) => sum + nextTokens(example).filter((token) => token !== unlabelled).length,
      0,
    ),
  measure(model, examples, place, pass) {
    const batch = collate(place, examples);
    const { rows, targets } = selectLabelled(model.encode(batch, pass), batch, examples);
    const { loss, predictions } = measureRows(model, rows, targets, !pass.training);
    return { loss, targets, predictions };
  },
  startScore,
};
