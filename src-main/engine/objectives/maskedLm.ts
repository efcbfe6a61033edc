import { TunebenchError } from '../../contract/errors/index.ts';
import { defineOptions } from '../../contract/options.ts';
import { wordsOf } from '../../contract/taggedWords.ts';
import type { Prediction } from '../../contract/worker.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import { type Example, unlabelled } from '../data/examples.ts';
import { namedStream } from '../data/random.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import { type Model, evaluationPass } from '../models/model.ts';
import { softmax } from '../ops/index.ts';
import { maximumLengthOption } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import { countLabelled, selectLabelled, tokenTargets } from './labelledRows.ts';
import { type MaskSettings, type MaskableText, maskTokens } from './maskTokens.ts';
import type { Objective, ObjectiveSetting } from './objective.ts';
import { type Posed, poseTexts } from './posing.ts';
import { inBatches } from './predictRows.ts';
import { tokenGuesses } from './tokenGuesses.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(256),
  maskedShare: {
    type: 'number',
    default: 0.15,
    above: 0,
    maximum: 0.9,
    label: { en: 'Hidden share', ko: '가리는 비율' },
    help: {
      en: 'Share of the tokens the model has to guess. Of these, 80 % are hidden, 10 % become other tokens, 10 % stay as they are.',
      ko: '모델이 맞힐 토큰의 비율입니다. 그 가운데 80%는 가리고 10%는 다른 토큰으로 바꾸며 10%는 그대로 둡니다.',
    },
  },
  wholeWords: {
    type: 'boolean',
    default: false,
    label: { en: 'Hide whole words', ko: '낱말째 가리기' },
    help: {
      en: 'Hides all pieces of a word together, which is harder and teaches more about meaning than about spelling.',
      ko: '한 낱말의 조각을 모두 함께 가립니다. 더 어렵지만 철자보다 뜻을 더 배웁니다.',
    },
    advanced: true,
  },
});
type Setting = ObjectiveSetting<typeof options>;

/** A text in parts that fit, each with the groups of tokens that are hidden together. */
function cutText(
  text: string,
  { tokenizer, options: { maximumLength, wholeWords } }: Setting,
): MaskableText[] {
  const tokens = tokenizer.locate(text);
  const words = wholeWords ? wordsOf(text) : [];
  const room = Math.max(1, maximumLength - tokenizer.frame([]).ids.length);
  const parts: MaskableText[] = [];
  let word = 0;
  for (let from = 0; from < tokens.length; from += room) {
    const own = tokens.slice(from, from + room);
    const { ids, firstAt } = tokenizer.frame(own.map(({ id }) => id));
    const groups = new Map<number, number[]>();
    own.forEach(({ id, start }, index) => {
      if (tokenizer.specialIds.has(id)) return;
      while (word + 1 < words.length && (words[word + 1]?.start ?? 0) <= start) word++;
      const key = wholeWords ? word : index;
      groups.set(key, [...(groups.get(key) ?? []), firstAt + index]);
    });
    if (groups.size > 0) parts.push({ ids, groups: [...groups.values()] });
  }
  return parts;
}

/** What a person may write for a hidden word, whatever the model's own sign is. */
const blanks = /\[MASK\]|<mask>|_{2,}/g;
/** What people see in place of a hidden word. */
const blank = '____';
const fewestLetters = 2;

/** The text with one word hidden, as near to its middle as there is one that is a single token. */
function pose(text: string, { tokenizer, options: { maximumLength } }: Setting): Posed | null {
  if (text.search(blanks) >= 0) return null;
  const tokens = tokenizer.locate(text).slice(0, maximumLength - tokenizer.frame([]).ids.length);
  const known = tokens.filter(({ id }) => id !== tokenizer.unknownId);
  const ends = new Map(known.map(({ start, end }) => [start, end]));
  const words = wordsOf(text).filter(({ start, end }) => {
    const isWord = /^\p{L}+$/u.test(text.slice(start, end)) && end - start >= fewestLetters;
    return isWord && ends.get(start) === end;
  });
  const word = words[Math.floor(words.length / 2)];
  if (word === undefined) return null;
  const hidden = text.slice(word.start, word.end);
  const rest = text.slice(word.end, tokens.at(-1)?.end);
  return poseTexts({ text: `${text.slice(0, word.start)}${blank}${rest}` }, hidden, (answer) => {
    const guess = answer.form === 'fills' ? answer.fills[0]?.tokens[0]?.label : undefined;
    return guess?.toLowerCase() === hidden.toLowerCase();
  });
}

const fillsShown = 5;

function fill(
  model: Model,
  texts: readonly string[],
  place: BatchPlace,
  tokenizer: TextTokenizer,
  settings: { readonly maskId: number; readonly maximumLength: number },
): Prediction[] {
  const { maskId, maximumLength } = settings;
  const sign = tokenizer.tokenOf(maskId);
  const examples = texts.map((text): Example => {
    const { ids } = tokenizer.encode(text.replaceAll(blanks, sign), { maximumLength });
    return { ids, typeIds: null, target: ids.map((id) => (id === maskId ? id : unlabelled)) };
  });
  const countOf = (example: Example) => countLabelled(tokenTargets(example));
  return inBatches(examples, (some): Prediction[] => {
    if (some.every((example) => countOf(example) === 0))
      return some.map(() => ({ form: 'fills', fills: [] }));
    const batch = collate(place, some);
    const { rows } = selectLabelled(model.encode(batch, evaluationPass), batch, some, tokenTargets);
    const probabilities = Array.from(softmax(model.vocabularyLogits(rows, evaluationPass)).values(), Number);
    const width = model.vocabularySize;
    let row = 0;
    return some.map((example) => ({
      form: 'fills',
      fills: Array.from({ length: countOf(example) }, () => {
        const own = probabilities.slice(row * width, ++row * width);
        const best = own.map((probability, id) => ({ id, probability }));
        best.sort((a, b) => b.probability - a.probability);
        const tokens = best.slice(0, fillsShown).map(({ id, probability }) => ({
          label: tokenizer.decode([id]).trim() || tokenizer.tokenOf(id),
          probability,
        }));
        return { tokens };
      }),
    }));
  });
}

/** Guessing hidden words, from plain text (https://arxiv.org/abs/1810.04805): how encoders get to know a field. */
export const maskedLm: Objective<typeof options> = {
  spec: {
    id: 'maskedLm',
    name: { en: 'Fill in words', ko: '빈칸 채우기' },
    summary: {
      en: 'Domain adaptation without labels: the model guesses hidden words of your texts and gets to know their field.',
      ko: '라벨 없는 도메인 적응입니다. 내 글의 가린 낱말을 맞히며 그 분야의 말을 익힙니다.',
    },
    head: 'maskedToken',
    roles: [
      {
        role: 'text',
        help: {
          en: 'Plain texts of the field, of any length.',
          ko: '그 분야의 글입니다. 길이는 상관없습니다.',
        },
      },
    ],
    needs: [['text']],
    prediction: 'fills',
    decidingMetric: { name: 'loss', better: 'lower' },
    options,
  },
  fewestLabels: 0,
  collectLabels: () => [],
  open(setting) {
    const { tokenizer, options: chosen } = setting;
    const { maskId, vocabularySize } = tokenizer;
    if (maskId === null) throw new TunebenchError('tokenizer.noMask', {});
    const settings: MaskSettings = { maskId, vocabularySize, share: chosen.maskedShare };
    const textOf = new Map<Example, MaskableText>();
    return {
      prepareRows(rows) {
        let parts = 0;
        return gatherExamples(rows, ({ text }) =>
          cutText(text, setting).map((part) => {
            // What is measured is always the same; what is trained on is drawn anew each time.
            const example = maskTokens(part, settings, namedStream(0, 'measured masks', parts++));
            textOf.set(example, part);
            return { example };
          }),
        );
      },
      vary(example, draw) {
        const text = textOf.get(example);
        return text === undefined ? example : maskTokens(text, settings, draw);
      },
      countTargets: (examples) =>
        examples.reduce((sum, example) => sum + countLabelled(tokenTargets(example)), 0),
      ...tokenGuesses(tokenTargets),
      pose: ({ text = '' }) => pose(text, setting),
      predict: (model, rows, place) =>
        fill(
          model,
          rows.map(({ text = '' }) => text),
          place,
          tokenizer,
          { maskId, maximumLength: chosen.maximumLength },
        ),
    };
  },
};
