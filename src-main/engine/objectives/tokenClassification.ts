import { defineOptions } from '../../contract/options.ts';
import { saySpans } from '../../contract/samples.ts';
import {
  type LabelledStretch,
  type Stretch,
  outside,
  spansOfTags,
  tagsOfSpans,
} from '../../contract/taggedWords.ts';
import type { Prediction } from '../../contract/worker.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import { type Example, unlabelled } from '../data/examples.ts';
import { type TaggedText, readTaggedText } from '../data/taggedText.ts';
import type { LocatedToken, TextTokenizer } from '../data/tokenizer.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { opinionOfOne } from '../probe/opinion.ts';
import { argMax, crossEntropy, indicesFrom, softmax } from '../ops/index.ts';
import { maximumLengthOption } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import { countLabelled, selectLabelled, tokenTargets } from './labelledRows.ts';
import type { Objective, ObjectiveSetting, Score } from './objective.ts';
import { inBatches } from './predictRows.ts';
import { startSpanScore } from './spanScore.ts';
import { sortLabels } from './textRows.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(128),
  labelledPieces: {
    type: 'choice',
    default: 'first',
    choices: [
      { value: 'first', label: { en: 'The first piece of each word', ko: '낱말의 첫 조각' } },
      { value: 'all', label: { en: 'Every piece', ko: '모든 조각' } },
    ],
    label: { en: 'Labelled pieces', ko: '라벨을 붙일 조각' },
    help: {
      en: 'Tokenizers cut words into pieces. With the first piece, a word is labelled whole, as is usual in English. With every piece, a span may end within a word, as before a Korean particle.',
      ko: '토크나이저는 낱말을 조각으로 나눕니다. 첫 조각만 쓰면 낱말 전체에 라벨이 붙습니다(영어에서 흔한 방식). 모든 조각을 쓰면 낱말 안에서도 구간이 끝날 수 있어, 조사 앞에서 끝나는 한국어 개체명에 맞습니다.',
    },
  },
});
type Setting = ObjectiveSetting<typeof options>;

/** A text as the model sees it: its tokens, and which of them stand for the stretches that get a label. */
interface Cut {
  readonly ids: readonly number[];
  /** Index of the token that speaks for each unit. */
  readonly places: readonly number[];
  readonly units: readonly Stretch[];
  readonly truncated: boolean;
}

/** Index of the first token in each word that has any, and the word. */
function firstPieces(tokens: readonly LocatedToken[], words: readonly Stretch[]) {
  return words.flatMap((word) => {
    const place = tokens.findIndex(({ start, end }) => end > word.start && start < word.end);
    return place < 0 ? [] : [{ place, unit: word }];
  });
}

function cut(
  { text, words }: TaggedText,
  tokenizer: TextTokenizer,
  { maximumLength, labelledPieces }: Setting['options'],
): Cut {
  const all = tokenizer.locate(text);
  const room = Math.max(0, maximumLength - tokenizer.frame([]).ids.length);
  const tokens = all.slice(0, room);
  const { ids, firstAt } = tokenizer.frame(tokens.map(({ id }) => id));
  const found =
    labelledPieces === 'first'
      ? firstPieces(tokens, words)
      : tokens.map(({ start, end }, place) => ({ place, unit: { start, end } }));
  // Where several words are one token, the first of them speaks for it.
  const chosen = found.filter(({ place }, index) => found[index - 1]?.place !== place);
  return {
    ids,
    places: chosen.map(({ place }) => firstAt + place),
    units: chosen.map(({ unit }) => unit),
    truncated: all.length > tokens.length,
  };
}

/** Logits of the tokens that speak for a unit `[units, classes]`, all examples' one after the other. */
function score(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const batch = collate(place, examples);
  const { rows, targets } = selectLabelled(model.encode(batch, pass), batch, examples, tokenTargets);
  return { logits: model.scoreTokens(rows, pass), targets };
}

function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const { logits, targets } = score(model, examples, place, pass);
  return { loss: crossEntropy(logits, indicesFrom(place.backend, targets)), logits, targets };
}

/** A list for all examples as one for each. */
function share<Item>(items: readonly Item[], examples: readonly Example[]): Item[][] {
  let from = 0;
  return examples.map((example) => {
    const count = countLabelled(tokenTargets(example));
    from += count;
    return items.slice(from - count, from);
  });
}

function startScore(labels: readonly string[]): Score {
  const types = sortLabels(labels, (label) => [label.slice(2)]);
  const spans = startSpanScore(types);
  const tagOf = (label: number) => labels[label] ?? outside;
  return {
    take(model, examples, place) {
      const { loss, logits, targets } = measure(model, examples, place, evaluationPass);
      const predicted = Array.from(argMax(logits).values(), (label) => tagOf(Number(label)));
      spans.add(loss.scalar(), share(predicted, examples), share(targets.map(tagOf), examples));
    },
    finish: spans.finish,
  };
}

/** The spans that a text's tags mean, with the mean probability of their units. */
function toSpans(
  text: string,
  units: readonly Stretch[],
  tags: readonly { readonly tag: string; readonly probability: number }[],
): Extract<Prediction, { form: 'spans' }>['spans'] {
  return spansOfTags(tags.map(({ tag }) => tag)).map(({ start, end, label }) => {
    const [from, to] = [units[start]?.start ?? 0, units[end - 1]?.end ?? 0];
    const sum = tags.slice(start, end).reduce((all, { probability }) => all + probability, 0);
    return { start: from, end: to, text: text.slice(from, to), label, probability: sum / (end - start) };
  });
}

function predict(
  model: Model,
  place: BatchPlace,
  labels: readonly string[],
  texts: readonly { readonly text: string; readonly cut: Cut }[],
): Prediction[] {
  const examples = texts.map(({ cut: { ids, places } }): Example => {
    const target = ids.map((_, position) => (places.includes(position) ? 0 : unlabelled));
    return { ids, typeIds: null, target };
  });
  const tags = inBatches(examples, (some) => {
    if (some.every((example) => countLabelled(tokenTargets(example)) === 0)) return some.map(() => []);
    const { logits } = score(model, some, place, evaluationPass);
    const values = Array.from(softmax(logits).values());
    const best = Array.from({ length: values.length / labels.length }, (_, row) => {
      const own = values.slice(row * labels.length, (row + 1) * labels.length);
      const { classes, probability, margin, entropy } = opinionOfOne(own);
      return { tag: labels[classes[0] ?? 0] ?? outside, probability, margin, entropy };
    });
    return share(best, some);
  });
  return texts.map(({ text, cut: { units } }, index) => {
    const own = tags[index] ?? [];
    const [leastSure] = own
      .map(({ probability, margin, entropy }) => ({ probability, margin, entropy }))
      .sort((one, other) => one.probability - other.probability);
    return { form: 'spans', spans: toSpans(text, units, own), ...(leastSure && { leastSure }) };
  });
}

/** Labelled stretches of a text: names, places, dates (https://aclanthology.org/W03-0419). */
export const tokenClassification: Objective<typeof options> = {
  spec: {
    id: 'tokenClassification',
    name: { en: 'Named entities', ko: '개체명 인식' },
    summary: {
      en: 'The model marks stretches of a text: names, places, products, dates.',
      ko: '글에서 이름, 장소, 제품, 날짜 같은 구간을 찾아 표시합니다.',
    },
    head: 'tokenClasses',
    roles: [
      { role: 'text', help: { en: 'The text to mark spans in.', ko: '구간을 표시할 글입니다.' } },
      {
        role: 'spans',
        isAnswer: true,
        help: {
          en: 'The spans of each text, as labelling publishes them: a JSON list of start, end and label.',
          ko: '글마다의 구간입니다. 라벨링에서 내보낸 것처럼 시작, 끝, 라벨을 적은 JSON 목록입니다.',
        },
      },
      {
        role: 'tokens',
        help: {
          en: 'The words as a list, where they are already cut, as in CoNLL files.',
          ko: 'CoNLL 파일처럼 이미 나뉘어 있는 낱말의 목록입니다.',
        },
      },
      {
        role: 'tags',
        isAnswer: true,
        help: {
          en: 'A tag for each word: O, B-NAME, I-NAME. IOB1, IOBES and BILOU are understood too.',
          ko: '낱말마다의 태그입니다. O, B-이름, I-이름 꼴이며 IOB1, IOBES, BILOU도 알아봅니다.',
        },
      },
    ],
    needs: [
      ['text', 'spans'],
      ['tokens', 'tags'],
    ],
    prediction: 'spans',
    decidingMetric: { name: 'f1', better: 'higher' },
    options,
  },
  fewestLabels: 3,
  collectLabels(rows) {
    const types = sortLabels(rows, (row) => readTaggedText(row)?.spans?.map(({ label }) => label) ?? []);
    return types.length === 0 ? [] : [outside, ...types.flatMap((label) => [`B-${label}`, `I-${label}`])];
  },
  open({ tokenizer, labels, options: chosen }) {
    const classOf = new Map(labels.map((label, index) => [label, index]));
    return {
      prepareRows: (rows) =>
        gatherExamples(rows, (row) => {
          const tagged = readTaggedText(row);
          if (tagged === null || tagged.spans === null) return [];
          const { ids, places, units, truncated } = cut(tagged, tokenizer, chosen);
          if (places.length === 0) return [];
          const target = ids.map(() => unlabelled);
          tagsOfSpans(units, tagged.spans).forEach((tag, unit) => {
            target[places[unit] ?? 0] = classOf.get(tag) ?? 0;
          });
          return [{ example: { ids, typeIds: null, target }, truncated }];
        }),
      countTargets: (examples) =>
        examples.reduce((sum, example) => sum + countLabelled(tokenTargets(example)), 0),
      measure(model, examples, place, pass) {
        const { loss, logits, targets } = measure(model, examples, place, pass);
        return {
          loss,
          tally() {
            const found = argMax(logits).values();
            return {
              right: targets.filter((target, unit) => found[unit] === target).length,
              total: targets.length,
            };
          },
        };
      },
      startScore: () => startScore(labels),
      pose(row) {
        const tagged = readTaggedText(row);
        if (tagged === null || tagged.spans === null || tagged.words.length === 0) return null;
        const { text, spans } = tagged;
        const keyOf = ({ start, end, label }: LabelledStretch) => `${start} ${end} ${label}`;
        const wanted = new Set(spans.map(keyOf));
        return {
          asked: { text },
          reads: row.tokens === undefined ? { text } : { tokens: row.tokens },
          expected: saySpans(spans.map(({ start, end, label }) => ({ label, text: text.slice(start, end) }))),
          isRight: (answer) =>
            answer.form === 'spans' &&
            answer.spans.length === wanted.size &&
            answer.spans.every((span) => wanted.has(keyOf(span))),
        };
      },
      predict: (model, rows, place) =>
        predict(
          model,
          place,
          labels,
          rows.map((row) => {
            const { text, words } = readTaggedText(row) ?? { text: '', words: [] };
            return { text, cut: cut({ text, words, spans: null }, tokenizer, chosen) };
          }),
        ),
    };
  },
};
