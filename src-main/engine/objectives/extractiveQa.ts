import { defineOptions } from '../../contract/options.ts';
import type { Prediction } from '../../contract/worker.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { type Question, readQuestion } from '../data/answers.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { textStarts } from '../models/sight.ts';
import {
  MASKED,
  add,
  crossEntropy,
  fromValues,
  gatherRows,
  indicesFrom,
  reshape,
  scale,
  slice,
} from '../ops/index.ts';
import { AnswerSearch, findCandidates, scoreNothing } from './answerDecoding.ts';
import { scoreAnswer } from './answerScore.ts';
import { type AnswerWindow, cutWindows } from './answerWindows.ts';
import { maximumLengthOption } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import { tokenTargets } from './labelledRows.ts';
import type { Objective, ObjectiveSetting, Score } from './objective.ts';
import { inBatches } from './predictRows.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(384),
  overlap: {
    type: 'integer',
    default: 128,
    minimum: 0,
    maximum: 131_072,
    label: { en: 'Overlap of parts', ko: '부분의 겹침' },
    help: {
      en: 'A passage longer than the maximum length is read in parts; neighbours share this many tokens, so that an answer at the edge of one lies within the next.',
      ko: '최대 길이보다 긴 지문은 여러 부분으로 나누어 읽습니다. 이웃한 부분은 이만큼의 토큰을 함께 가져, 한쪽 끝에 걸린 답이 다음 부분에는 온전히 들어갑니다.',
    },
    advanced: true,
  },
  maximumAnswerTokens: {
    type: 'integer',
    default: 30,
    minimum: 1,
    maximum: 10_000,
    label: { en: 'Longest answer', ko: '가장 긴 답' },
    help: { en: 'Longest answer in tokens that is looked for.', ko: '찾아볼 답의 최대 토큰 수입니다.' },
    advanced: true,
  },
  mayBeUnanswerable: {
    type: 'boolean',
    default: false,
    label: { en: 'Some questions have no answer', ko: '답이 없는 질문도 있음' },
    help: {
      en: 'Rows without an answer teach the model to say so. Turned off, they are left out, and every question gets an answer.',
      ko: '답이 빈 행으로 “답이 없음”을 배웁니다. 끄면 그런 행은 쓰지 않고, 모든 질문에 답을 찾습니다.',
    },
  },
});
type Setting = ObjectiveSetting<typeof options>;

/** Logits of the tokens of each example for being first and last, `[batch, longest]`; padding is never chosen. */
function scoreEnds(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const { backend } = place;
  const batch = collate(place, examples);
  const hidden = model.encode(batch, pass);
  const [rows = 0, columns = 0, width = 0] = hidden.shape;
  const starts = textStarts(batch, columns);
  const lengths = examples.map(({ ids }) => ids.length);
  const time = Math.max(1, ...lengths);
  const places = lengths.flatMap((length, row) =>
    Array.from({ length: time }, (_, index) => (starts[row] ?? 0) + Math.min(index, length - 1)),
  );
  const tokens = gatherRows(reshape(hidden, [rows * columns, width]), indicesFrom(backend, places));
  const logits = reshape(model.scoreTokens(tokens, pass), [lengths.length, time, 2]);
  const hides = Float32Array.from(places, (_, index) =>
    index % time < (lengths[Math.floor(index / time)] ?? 0) ? 0 : MASKED,
  );
  const mask = fromValues(backend, hides, [lengths.length, time], 'float32');
  const part = (which: number) =>
    add(reshape(slice(logits, [0, 0, which], [lengths.length, time, 1]), [lengths.length, time]), mask);
  return { starts: part(0), ends: part(1), time };
}

/** Mean of the losses of both ends. */
function lossOf(
  { starts, ends }: { readonly starts: Tensor; readonly ends: Tensor },
  examples: readonly Example[],
): Tensor {
  const targets = (which: number) =>
    indicesFrom(
      starts.backend,
      examples.map((example) => tokenTargets(example)[which] ?? 0),
    );
  return scale(add(crossEntropy(starts, targets(0)), crossEntropy(ends, targets(1))), 0.5);
}

/** What each window says about its question. */
function searchWindows(
  searches: ReadonlyMap<Question, AnswerSearch>,
  windows: readonly AnswerWindow[],
  { starts, ends, time }: ReturnType<typeof scoreEnds>,
  maximumTokens: number,
): void {
  const [first, last] = [Array.from(starts.values(), Number), Array.from(ends.values(), Number)];
  windows.forEach((window, row) => {
    const { length } = window.example.ids;
    const own = (values: readonly number[]) => values.slice(row * time, row * time + length);
    const [ownStarts, ownEnds] = [own(first), own(last)];
    searches
      .get(window.question)
      ?.add(findCandidates(window, ownStarts, ownEnds, maximumTokens), scoreNothing(ownStarts, ownEnds));
  });
}

function startScore(windowOf: (example: Example) => AnswerWindow[], chosen: Setting['options']): Score {
  const searches = new Map<Question, AnswerSearch>();
  let lossSum = 0;
  let total = 0;
  return {
    take(model, examples, place) {
      const scored = scoreEnds(model, examples, place, evaluationPass);
      lossSum += lossOf(scored, examples).scalar() * examples.length;
      total += examples.length;
      const windows = examples.flatMap(windowOf);
      for (const { question } of windows)
        if (!searches.has(question)) searches.set(question, new AnswerSearch());
      searchWindows(searches, windows, scored, chosen.maximumAnswerTokens);
    },
    finish() {
      const scores = [...searches].map(([{ context, answers }, search]) => {
        const [found] = search.rank(chosen.mayBeUnanswerable);
        const text = found ? context.slice(found.start, found.end) : '';
        return scoreAnswer(
          text,
          answers.map((answer) => answer.text),
        );
      });
      const mean = (name: 'exactMatch' | 'f1') =>
        scores.reduce((sum, score) => sum + score[name], 0) / Math.max(1, scores.length);
      return {
        metrics: { loss: lossSum / Math.max(1, total), exactMatch: mean('exactMatch'), f1: mean('f1') },
      };
    },
  };
}

const answersShown = 3;

function answer(
  model: Model,
  questions: readonly Question[],
  place: BatchPlace,
  { tokenizer, options: chosen }: Setting,
): Prediction[] {
  const searches = new Map(questions.map((question) => [question, new AnswerSearch()]));
  const windows = questions.flatMap((question) => cutWindows(question, tokenizer, chosen));
  const windowOf = new Map(windows.map((window) => [window.example, window]));
  inBatches(
    windows.map(({ example }) => example),
    (examples) => {
      const some = examples.flatMap((example) => windowOf.get(example) ?? []);
      searchWindows(
        searches,
        some,
        scoreEnds(model, examples, place, evaluationPass),
        chosen.maximumAnswerTokens,
      );
      return examples.map(() => null);
    },
  );
  return [...searches].map(([{ context }, search]) => ({
    form: 'answer',
    answers: search
      .rank(chosen.mayBeUnanswerable)
      .slice(0, answersShown)
      .map((found) => ({ ...found, text: context.slice(found.start, found.end) })),
  }));
}

/** Answers that stand in a passage word for word (https://arxiv.org/abs/1606.05250). */
export const extractiveQa: Objective<typeof options> = {
  spec: {
    id: 'extractiveQa',
    name: { en: 'Answers in a passage', ko: '지문에서 답 찾기' },
    summary: {
      en: 'The model finds the stretch of a passage that answers a question.',
      ko: '지문에서 질문의 답이 되는 부분을 찾습니다.',
    },
    head: 'span',
    roles: [
      { role: 'question', help: { en: 'What is asked.', ko: '묻는 말입니다.' } },
      { role: 'context', help: { en: 'The passage to find the answer in.', ko: '답을 찾을 지문입니다.' } },
      {
        role: 'answer',
        isAnswer: true,
        help: {
          en: 'The answer as it stands in the passage, or SQuAD’s list of answers with their starts.',
          ko: '지문에 적힌 그대로의 답, 또는 시작 위치가 딸린 SQuAD 형식의 목록입니다.',
        },
      },
      {
        role: 'answerStart',
        isAnswer: true,
        help: {
          en: 'Where the answer begins, when the same words occur several times.',
          ko: '같은 말이 여러 번 나올 때 답이 시작되는 위치입니다.',
        },
      },
    ],
    needs: [['question', 'context', 'answer']],
    prediction: 'answer',
    decidingMetric: { name: 'f1', better: 'higher' },
    options,
  },
  fewestLabels: 0,
  collectLabels: () => [],
  open(setting) {
    const { tokenizer, options: chosen } = setting;
    const windowOf = new Map<Example, AnswerWindow>();
    return {
      prepareRows: (rows) =>
        gatherExamples(rows, (row) => {
          const question = readQuestion(row);
          const hasUse = question !== null && (question.answers.length > 0 || chosen.mayBeUnanswerable);
          if (!hasUse || question.question.trim() === '' || question.context.trim() === '') return [];
          const windows = cutWindows(question, tokenizer, chosen);
          for (const window of windows) windowOf.set(window.example, window);
          return windows;
        }),
      countTargets: (examples) => examples.length,
      measure: (model, examples, place, pass) => ({
        loss: lossOf(scoreEnds(model, examples, place, pass), examples),
      }),
      pose(row) {
        const asked = readQuestion(row);
        if (asked === null || asked.question.trim() === '' || asked.context.trim() === '') return null;
        const { question, context } = asked;
        const answers = asked.answers.map(({ text }) => text);
        if (answers.length === 0 && !chosen.mayBeUnanswerable) return null;
        return {
          asked: { question, context },
          reads: { question, context },
          expected: answers[0] ?? '',
          isRight: (answer) =>
            answer.form === 'answer' && scoreAnswer(answer.answers[0]?.text ?? '', answers).exactMatch === 1,
        };
      },
      startScore: () => startScore((example) => [windowOf.get(example) ?? []].flat(), chosen),
      predict: (model, rows, place) =>
        answer(
          model,
          rows.map(({ question = '', context = '' }) => ({ question, context, answers: [] })),
          place,
          setting,
        ),
    };
  },
};
