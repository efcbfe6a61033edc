import { defineOptions } from '../../contract/options.ts';
import { type BatchPlace, collate, collateAnswers } from '../data/collate.ts';
import type { DataRow, Example } from '../data/examples.ts';
import { generateTexts } from '../generate/decode.ts';
import { greedily } from '../generate/sampling.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { maximumLengthOption } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import { countLabelled, selectLabelled, tokenTargets } from './labelledRows.ts';
import type { Objective, ObjectiveSetting, PreparedRows, Score } from './objective.ts';
import { posePrompt } from './posing.ts';
import { rougeL } from './rougeL.ts';
import { measureTokens, startTokenScore } from './tokenLoss.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(512),
  maximumAnswerLength: {
    type: 'integer',
    default: 128,
    minimum: 2,
    maximum: 131_072,
    label: { en: 'Maximum answer length', ko: '답의 최대 길이' },
    help: {
      en: 'Longest answer in tokens; the rest of a longer one is cut off.',
      ko: '답의 최대 토큰 수입니다. 더 긴 답은 뒤를 자릅니다.',
    },
  },
  writtenRows: {
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: 10_000,
    label: { en: 'Answers written for ROUGE-L', ko: 'ROUGE-L을 위해 써 볼 답' },
    help: {
      en: 'In each evaluation the model writes answers to this many rows, and ROUGE-L says how much they share with the right ones. Writing takes time; 0 leaves it out.',
      ko: '평가할 때마다 이만큼의 행에 답을 써 보고, 정답과 얼마나 겹치는지 ROUGE-L로 잽니다. 쓰는 데 시간이 걸리며, 0이면 하지 않습니다.',
    },
    advanced: true,
  },
});
type Setting = ObjectiveSetting<typeof options>;

/** The answer's tokens, which end with the token that ends a text. */
function encodeAnswer(answer: string, { tokenizer, options: { maximumAnswerLength } }: Setting) {
  const { ids, truncated } = tokenizer.encode(answer, { maximumLength: maximumAnswerLength });
  const isOpen = tokenizer.eosId !== null && ids.at(-1) !== tokenizer.eosId && !truncated;
  return { ids: isOpen ? [...ids, Number(tokenizer.eosId)] : ids, truncated };
}

function prepareRows(rows: readonly DataRow[], setting: Setting): PreparedRows {
  const { tokenizer, options: chosen } = setting;
  const { maximumLength } = chosen;
  return gatherExamples(rows, ({ prompt = '', completion = '' }) => {
    if (prompt.trim() === '' || completion.trim() === '') return [];
    const text = tokenizer.encode(prompt, { maximumLength });
    const answer = encodeAnswer(completion, setting);
    const example: Example = { ids: text.ids, typeIds: null, target: answer.ids };
    return [{ example, truncated: text.truncated || answer.truncated }];
  });
}

function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const answer = collateAnswers(place, examples.map(tokenTargets), model.startToken ?? place.padId);
  const hidden = model.encode({ ...collate(place, examples), answer }, pass);
  const { rows, targets } = selectLabelled(hidden, answer, examples, tokenTargets);
  return { ...measureTokens(model, rows, targets, pass), targets };
}

/** Writes the answers to some texts, always the likeliest token. */
function writeAnswers(model: Model, examples: readonly Example[], place: BatchPlace, setting: Setting) {
  const { tokenizer, options: chosen } = setting;
  const prompts = examples.map(({ ids }) => ids);
  const answers = examples.map(() => '');
  for (const pieces of generateTexts({
    model,
    backend: place.backend,
    tokenizer,
    prompts,
    options: greedily(chosen.maximumAnswerLength),
  })) {
    pieces.forEach((piece, row) => (answers[row] += piece));
  }
  return answers;
}

function startScore(setting: Setting, written: ReadonlySet<Example>): Score {
  const score = startTokenScore();
  const likenesses: number[] = [];
  return {
    take(model, examples, place) {
      const { loss, likeliest, targets } = measure(model, examples, place, evaluationPass);
      score.add(loss.scalar(), likeliest, targets);
      const asked = examples.filter((example) => written.has(example));
      if (asked.length === 0) return;
      writeAnswers(model, asked, place, setting).forEach((answer, row) => {
        const wanted = asked[row];
        if (wanted) likenesses.push(rougeL(answer, setting.tokenizer.decode(tokenTargets(wanted))));
      });
    },
    finish() {
      const likeness = likenesses.reduce((sum, value) => sum + value, 0) / likenesses.length;
      return { metrics: { ...score.metrics(), ...(likenesses.length > 0 ? { rougeL: likeness } : {}) } };
    },
  };
}

/** Answers to texts that are read whole first: translation, summaries, questions. */
export const seq2seq: Objective<typeof options> = {
  spec: {
    id: 'seq2seq',
    name: { en: 'Text to text', ko: '텍스트 변환' },
    summary: {
      en: 'The model reads a text whole and writes another: a translation, a summary, a correction.',
      ko: '글을 끝까지 읽고 다른 글을 씁니다. 번역, 요약, 교정에 씁니다.',
    },
    head: 'targetToken',
    roles: [
      {
        role: 'prompt',
        help: {
          en: 'The text that is read. Models such as T5 expect a word in front that says what to do ("summarize: …").',
          ko: '읽을 글입니다. T5 같은 모델은 할 일을 앞에 적어 줍니다(“summarize: …”).',
        },
      },
      {
        role: 'completion',
        isAnswer: true,
        help: { en: 'The text to be written.', ko: '써야 할 글입니다.' },
      },
    ],
    needs: [['prompt', 'completion']],
    prediction: 'text',
    decidingMetric: { name: 'loss', better: 'lower' },
    options,
  },
  fewestLabels: 0,
  collectLabels: () => [],
  open(setting) {
    const written = new Set<Example>();
    return {
      prepareRows(rows) {
        const prepared = prepareRows(rows, setting);
        for (const example of prepared.examples.slice(0, setting.options.writtenRows)) written.add(example);
        return prepared;
      },
      countTargets: (examples) =>
        examples.reduce((sum, example) => sum + countLabelled(tokenTargets(example)), 0),
      measure,
      startScore: () => startScore(setting, written),
      pose({ prompt = '', completion = '' }) {
        const { maximumLength } = setting.options;
        if (prompt.trim() === '') return null;
        const { ids } = setting.tokenizer.encode(prompt, { maximumLength });
        // Longer ones are cut, as they are in training.
        return posePrompt({ prompt }, completion, ids, Infinity);
      },
    };
  },
};
