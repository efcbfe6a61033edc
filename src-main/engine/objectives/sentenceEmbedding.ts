import { defineOptions } from '../../contract/options.ts';
import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import type { DataRow, Example } from '../data/examples.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import {
  add,
  crossEntropy,
  fromValues,
  indicesFrom,
  matmul,
  mean,
  multiply,
  scale,
  slice,
  square,
  subtract,
  sum,
  transpose,
} from '../ops/index.ts';
import { maximumLengthOption } from './commonOptions.ts';
import { startEmbeddingScore } from './embeddingScore.ts';
import type { Objective, ObjectiveSetting, PreparedRows } from './objective.ts';
import { type Pooling, normalizeRows, poolTokens } from './pooling.ts';
import { inBatches } from './predictRows.ts';
import { sentenceTransformersFiles } from './sentenceTransformersFiles.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(128),
  pooling: {
    type: 'choice',
    default: 'automatic',
    choices: [
      { value: 'automatic', label: { en: 'Automatic', ko: '자동' } },
      { value: 'mean', label: { en: 'Mean of all tokens', ko: '모든 토큰의 평균' } },
      { value: 'first', label: { en: 'First token', ko: '첫 토큰' } },
      { value: 'last', label: { en: 'Last token', ko: '마지막 토큰' } },
    ],
    label: { en: 'Pooling', ko: '풀링' },
    help: {
      en: 'How the tokens of a text become one vector. Automatic takes the mean, and the last token for models that read from left to right.',
      ko: '글의 토큰들을 벡터 하나로 만드는 방법입니다. 자동은 평균을 쓰고, 왼쪽부터 읽는 모델에서는 마지막 토큰을 씁니다.',
    },
  },
  loss: {
    type: 'choice',
    default: 'automatic',
    choices: [
      { value: 'automatic', label: { en: 'Automatic', ko: '자동' } },
      { value: 'pairs', label: { en: 'Pairs that belong together', ko: '서로 맞는 짝' } },
      { value: 'scores', label: { en: 'Scores of similarity', ko: '유사도 점수' } },
    ],
    label: { en: 'What is learned from', ko: '무엇으로 배우는지' },
    help: {
      en: 'Pairs: each text has to find its partner among all partners of its batch, so larger batches teach more. Scores: the cosine of each pair has to equal its score. Automatic takes scores where every row has a number as its label.',
      ko: '짝: 글마다 배치 안의 모든 짝 가운데 제 짝을 찾아야 하므로, 배치가 클수록 많이 배웁니다. 점수: 짝의 코사인이 점수와 같아지게 합니다. 자동은 모든 행의 라벨이 수이면 점수를 씁니다.',
    },
    advanced: true,
  },
  temperature: {
    type: 'number',
    default: 0.05,
    above: 0,
    maximum: 1,
    scale: 'log',
    appliesWhen: { option: 'loss', oneOf: ['automatic', 'pairs'] },
    label: { en: 'Temperature', ko: '온도' },
    help: {
      en: 'Similarities are divided by it before they compete: the smaller, the more the hardest wrong partner counts.',
      ko: '유사도를 겨루기 전에 이 수로 나눕니다. 작을수록 가장 헷갈리는 짝이 더 크게 셉니다.',
    },
    advanced: true,
  },
  symmetric: {
    type: 'boolean',
    default: false,
    appliesWhen: { option: 'loss', oneOf: ['automatic', 'pairs'] },
    label: { en: 'In both directions', ko: '양방향' },
    help: {
      en: 'Each second text has to find its first one as well.',
      ko: '두 번째 글도 제 첫 번째 글을 찾게 합니다.',
    },
    advanced: true,
  },
  scoreMaximum: {
    type: 'number',
    default: 1,
    above: 0,
    appliesWhen: { option: 'loss', oneOf: ['automatic', 'scores'] },
    label: { en: 'Highest score', ko: '가장 높은 점수' },
    help: {
      en: 'The score of two texts that mean the same, which becomes a cosine of 1: 5 for STS data.',
      ko: '뜻이 같은 두 글의 점수로, 코사인 1이 됩니다. STS 데이터에서는 5입니다.',
    },
    advanced: true,
  },
});
type Setting = ObjectiveSetting<typeof options>;

function scoreOf({ label }: DataRow): number | null {
  if (label === undefined || label.trim() === '') return null;
  const score = Number(label.replace(',', '.'));
  return Number.isFinite(score) ? score : null;
}

/** A pair of texts; its target is the score, or empty where it just belongs together. */
function prepareRows(rows: readonly DataRow[], { tokenizer, options: chosen }: Setting): PreparedRows {
  const { maximumLength, loss, scoreMaximum } = chosen;
  const isScored = loss === 'scores' || (loss === 'automatic' && rows.every((row) => scoreOf(row) !== null));
  const examples: Example[] = [];
  let cut = 0;
  for (const row of rows) {
    const { text, textPair = '' } = row;
    const score = scoreOf(row);
    if (text.trim() === '' || textPair.trim() === '' || (isScored && score === null)) continue;
    const [first, second] = [text, textPair].map((one) => tokenizer.encode(one, { maximumLength }));
    if (first === undefined || second === undefined) continue;
    if (first.truncated || second.truncated) cut++;
    examples.push({
      ids: first.ids,
      typeIds: null,
      target: isScored ? (score ?? 0) / scoreMaximum : [],
      partner: { ids: second.ids, typeIds: null, target: [] },
    });
  }
  return { examples, cut, skipped: rows.length - examples.length };
}

/** The vectors of both texts of each pair, of length 1: `[pairs, width]` each. */
function embedPairs(
  model: Model,
  examples: readonly Example[],
  place: BatchPlace,
  pass: Pass,
  pooling: Pooling,
): { first: Tensor; second: Tensor } {
  const pairs = examples.length;
  const texts = [...examples, ...examples.flatMap(({ partner }) => partner ?? [])];
  const batch = collate(place, texts);
  const vectors = normalizeRows(poolTokens(model.encode(batch, pass), batch, pooling));
  const [, width = 0] = vectors.shape;
  return {
    first: slice(vectors, [0, 0], [pairs, width]),
    second: slice(vectors, [pairs, 0], [pairs, width]),
  };
}

function choosePooling(model: Model, { pooling }: Setting['options']): Pooling {
  if (pooling !== 'automatic') return pooling;
  return model.classifiedToken === 'last' ? 'last' : 'mean';
}

/** Hides partners that read like a text's own one, which are not wrong: `[pairs, pairs]`, null where there are none. */
function twinMask(examples: readonly Example[], { backend }: BatchPlace): Tensor | null {
  const texts = examples.map(({ partner }) => partner?.ids.join(' ') ?? '');
  const count = texts.length;
  if (new Set(texts).size === count) return null;
  const values = Float32Array.from({ length: count * count }, (_, place) => {
    const [row, column] = [Math.floor(place / count), place % count];
    return row !== column && texts[row] === texts[column] ? -1e9 : 0;
  });
  return fromValues(backend, values, [count, count], 'float32');
}

/**
 * Each text has to find its partner among those of the whole batch (https://arxiv.org/abs/1705.00652): cross-entropy of
 * cosines over the temperature.
 */
function pairLoss(
  vectors: { first: Tensor; second: Tensor },
  examples: readonly Example[],
  place: BatchPlace,
  { options: { temperature, symmetric } }: Setting,
): Tensor {
  const own = indicesFrom(
    place.backend,
    examples.map((_, index) => index),
  );
  const mask = twinMask(examples, place);
  const cosines = scale(matmul(vectors.first, vectors.second, { transposeB: true }), 1 / temperature);
  const hide = (scores: Tensor) => (mask ? add(scores, mask) : scores);
  const forward = crossEntropy(hide(cosines), own);
  if (!symmetric) return forward;
  return scale(add(forward, crossEntropy(hide(transpose(cosines, [1, 0])), own)), 0.5);
}

/** Mean squared distance of cosines from scores. */
function scoreLoss({ first, second }: { first: Tensor; second: Tensor }, scores: readonly number[]): Tensor {
  const wanted = fromValues(first.backend, Float32Array.from(scores), [scores.length], 'float32');
  return mean(square(subtract(sum(multiply(first, second), [1]), wanted)));
}

/** Scores where every example has one; null for pairs that just belong together. */
function scoresOf(examples: readonly Example[]): number[] | null {
  const scores = examples.flatMap(({ target }) => (typeof target === 'number' ? [target] : []));
  return scores.length === examples.length ? scores : null;
}

function measure(
  model: Model,
  examples: readonly Example[],
  place: BatchPlace,
  pass: Pass,
  setting: Setting,
) {
  const vectors = embedPairs(model, examples, place, pass, choosePooling(model, setting.options));
  const scores = scoresOf(examples);
  const loss = scores ? scoreLoss(vectors, scores) : pairLoss(vectors, examples, place, setting);
  return { loss, vectors, scores };
}

/** Vectors of texts whose cosine says how alike they are. */
export const sentenceEmbedding: Objective<typeof options> = {
  spec: {
    id: 'sentenceEmbedding',
    name: { en: 'Sentence embeddings', ko: '문장 임베딩' },
    summary: {
      en: 'The model turns texts into vectors: those that belong together come close. For search, clustering and duplicates.',
      ko: '글을 벡터로 바꾸고, 서로 맞는 글끼리 가까워지게 합니다. 검색, 군집, 중복 찾기에 씁니다.',
    },
    head: 'none',
    roles: [
      {
        role: 'text',
        help: { en: 'The first text: a question, a sentence.', ko: '첫 번째 글입니다. 질문이나 문장입니다.' },
      },
      {
        role: 'textPair',
        help: {
          en: 'The text that belongs to it: the answer, a paraphrase.',
          ko: '그 글과 맞는 글입니다. 답이나 같은 뜻의 문장입니다.',
        },
      },
      {
        role: 'label',
        isAnswer: true,
        help: {
          en: 'A number that says how alike the two are, if there is one.',
          ko: '두 글이 얼마나 비슷한지 나타내는 수가 있으면 고르세요.',
        },
      },
    ],
    needs: [['text', 'textPair']],
    prediction: 'similarity',
    decidingMetric: { name: 'loss', better: 'lower' },
    options,
  },
  fewestLabels: 0,
  collectLabels: () => [],
  resultFiles: (model, chosen) =>
    sentenceTransformersFiles(model, choosePooling(model, chosen), chosen.maximumLength),
  open: (setting) => ({
    prepareRows: (rows) => prepareRows(rows, setting),
    keepsBatches: true,
    countTargets: (examples) => examples.length,
    measure: (model, examples, place, pass) => ({
      loss: scope(() => measure(model, examples, place, pass, setting).loss),
    }),
    startScore() {
      const score = startEmbeddingScore();
      return {
        take(model, examples, place) {
          const { loss, vectors, scores } = measure(model, examples, place, evaluationPass, setting);
          score.add(loss.scalar(), vectors.first.values(), vectors.second.values(), examples.length, scores);
        },
        finish: () => ({ metrics: score.metrics() }),
      };
    },
    predict(model, rows, place) {
      const { maximumLength } = setting.options;
      const encode = (text: string) => setting.tokenizer.encode(text, { maximumLength }).ids;
      const examples = rows.map(({ text = '', textPair = '' }): Example => ({
        ids: encode(text),
        typeIds: null,
        target: [],
        partner: { ids: encode(textPair), typeIds: null, target: [] },
      }));
      const pooling = choosePooling(model, setting.options);
      return inBatches(examples, (some) => {
        const { first, second } = embedPairs(model, some, place, evaluationPass, pooling);
        const cosines = sum(multiply(first, second), [1]).values();
        return some.map((_, row) => ({ form: 'similarity', value: Number(cosines[row]) }));
      });
    },
  }),
};
