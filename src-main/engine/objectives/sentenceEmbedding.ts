import type { RowContent } from '../../contract/methods.ts';
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
import { startEmbeddingScore } from './embeddingScore.ts';
import { gatherExamples } from './gatherExamples.ts';
import type { Objective, ObjectiveSetting, PreparedRows } from './objective.ts';
import { type Pooling, normalizeRows, poolTokens } from './pooling.ts';
import { poseTexts } from './posing.ts';
import { inBatches } from './predictRows.ts';
import { sentenceEmbeddingOptions as options } from './sentenceEmbeddingOptions.ts';
import { sentenceTransformersFiles } from './sentenceTransformersFiles.ts';

type Setting = ObjectiveSetting<typeof options>;

function scoreOf({ label }: RowContent): number | null {
  if (label === undefined || label.trim() === '') return null;
  const score = Number(label.replace(',', '.'));
  return Number.isFinite(score) ? score : null;
}

/** A pair of texts; its target is the score, or empty where it just belongs together. */
function prepareRows(rows: readonly DataRow[], { tokenizer, options: chosen }: Setting): PreparedRows {
  const { maximumLength, loss, scoreMaximum } = chosen;
  const isScored = loss === 'scores' || (loss === 'automatic' && rows.every((row) => scoreOf(row) !== null));
  return gatherExamples(rows, (row) => {
    const { text, textPair = '' } = row;
    const score = scoreOf(row);
    if (text.trim() === '' || textPair.trim() === '' || (isScored && score === null)) return [];
    const [first, second] = [text, textPair].map((one) => tokenizer.encode(one, { maximumLength }));
    if (first === undefined || second === undefined) return [];
    const example: Example = {
      ids: first.ids,
      typeIds: null,
      target: isScored ? (score ?? 0) / scoreMaximum : [],
      partner: { ids: second.ids, typeIds: null, target: [] },
    };
    return [{ example, truncated: first.truncated || second.truncated }];
  });
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
    pose(row) {
      if ((row.textPair ?? '').trim() === '') return null;
      const score = scoreOf(row);
      return poseTexts(row, score === null ? null : String(score / setting.options.scoreMaximum));
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
