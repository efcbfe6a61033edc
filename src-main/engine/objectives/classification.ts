import { type OptionValues, defineOptions } from '../../contract/options.ts';
import { collate } from '../data/collate.ts';
import type { DataRow, Example } from '../data/examples.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import { argMax, crossEntropy, indicesFrom } from '../ops/index.ts';
import { startClassificationScore } from './classificationScore.ts';
import { maximumLengthOption } from './commonOptions.ts';
import type { Objective, PreparedRows } from './objective.ts';

const options = defineOptions({ maximumLength: maximumLengthOption(128) });

function prepareRows(
  rows: readonly DataRow[],
  tokenizer: TextTokenizer,
  labels: readonly string[],
  { maximumLength }: OptionValues<typeof options>,
): PreparedRows {
  const classOf = new Map(labels.map((label, index) => [label, index]));
  const examples: Example[] = [];
  let cut = 0;
  for (const { text, textPair, label } of rows) {
    const target = label === undefined ? undefined : classOf.get(label);
    if (target === undefined || text.trim() === '') continue;
    const { ids, typeIds, truncated } = tokenizer.encode(text, { pair: textPair, maximumLength });
    if (truncated) cut++;
    examples.push({ ids, typeIds: textPair === undefined ? null : typeIds, target });
  }
  return { examples, cut, skipped: rows.length - examples.length };
}

function targetsOf(examples: readonly Example[]): number[] {
  return examples.map(({ target }) => (typeof target === 'number' ? target : 0));
}

/** One label for a whole text, or for a pair of texts. */
export const classification: Objective<typeof options> = {
  spec: {
    id: 'classification',
    name: { en: 'Text classification', ko: '텍스트 분류' },
    summary: {
      en: 'The model reads a text and picks one label: intent, topic, sentiment.',
      ko: '글을 읽고 라벨 하나를 고릅니다. 의도, 주제, 감정 분류에 씁니다.',
    },
    roles: [
      {
        role: 'text',
        required: true,
        help: { en: 'The text to be classified.', ko: '분류할 글입니다.' },
      },
      {
        role: 'textPair',
        required: false,
        help: {
          en: 'A second text, when the label is about two of them.',
          ko: '라벨이 두 글의 관계를 나타낼 때 두 번째 글입니다.',
        },
      },
      {
        role: 'label',
        required: true,
        help: { en: 'The right answer for each text.', ko: '글마다의 정답입니다.' },
      },
    ],
    decidingMetric: { name: 'accuracy', better: 'higher' },
    options,
  },
  reportsTrainingAccuracy: true,
  collectLabels(rows) {
    const labels = new Set<string>();
    for (const { label } of rows) if (label !== undefined && label !== '') labels.add(label);
    // By code point, so that the order does not depend on the machine's language.
    return [...labels].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  },
  prepareRows,
  countTargets: (examples) => examples.length,
  measure(model, examples, place, pass) {
    const batch = collate(place, examples);
    const targets = targetsOf(examples);
    const logits = model.classify(model.encode(batch, pass), batch, pass);
    const loss = crossEntropy(logits, indicesFrom(place.backend, targets));
    return { loss, targets, predictions: () => argMax(logits).values() };
  },
  startScore: startClassificationScore,
};
