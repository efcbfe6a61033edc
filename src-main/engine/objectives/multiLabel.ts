import { defineOptions } from '../../contract/options.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { binaryCrossEntropy, fromValues, sigmoid } from '../ops/index.ts';
import { maximumLengthOption } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import { tokenTargets as labelsOf } from './labelledRows.ts';
import { startMultiLabelScore } from './multiLabelScore.ts';
import type { Objective, Score } from './objective.ts';
import { poseTexts } from './posing.ts';
import { inBatches } from './predictRows.ts';
import { encodeTexts, rankLabels, sortLabels, textRoles } from './textRows.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(128),
  separator: {
    type: 'text',
    default: ',',
    label: { en: 'Between labels', ko: '라벨 구분자' },
    help: {
      en: 'What stands between several labels in one cell. A JSON list such as ["a", "b"] is understood by itself.',
      ko: '한 칸에 라벨이 여럿일 때 그 사이에 쓴 글자입니다. ["a", "b"] 같은 JSON 목록은 저절로 알아봅니다.',
    },
  },
  threshold: {
    type: 'number',
    default: 0.5,
    above: 0,
    maximum: 0.99,
    label: { en: 'Threshold', ko: '기준 확률' },
    help: {
      en: 'A label counts as chosen from this probability on. A lower one finds more labels and is wrong more often.',
      ko: '이 확률부터 고른 라벨로 칩니다. 낮추면 더 많이 찾지만 틀리는 일도 늘어납니다.',
    },
    advanced: true,
  },
});

/** The labels in one cell: a JSON list, or names with a separator between them. */
export function splitLabels(cell: string, separator: string): string[] {
  const text = cell.trim();
  if (text.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (Array.isArray(parsed))
        return parsed.map((label) => String(label).trim()).filter((label) => label !== '');
    } catch {
      // Not JSON after all: a label may begin with a bracket.
    }
  }
  const parts = separator === '' ? [text] : text.split(separator);
  return parts.map((label) => label.trim()).filter((label) => label !== '');
}

/** Logits `[batch, classes]`. */
function classify(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const batch = collate(place, examples);
  return model.classify(model.encode(batch, pass), batch, pass);
}

function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const logits = classify(model, examples, place, pass);
  const [rows = 0, classes = 0] = logits.shape;
  const wanted = new Float32Array(rows * classes);
  examples.forEach((example, row) =>
    labelsOf(example).forEach((label) => (wanted[row * classes + label] = 1)),
  );
  const loss = binaryCrossEntropy(logits, fromValues(place.backend, wanted, [rows, classes], 'float32'));
  return { loss, logits };
}

function startScore(labels: readonly string[], threshold: number): Score {
  const score = startMultiLabelScore(labels);
  // σ(x) ≥ t where x ≥ log(t / (1 − t)).
  const limit = Math.log(threshold / (1 - threshold));
  return {
    take(model, examples, place) {
      const { loss, logits } = measure(model, examples, place, evaluationPass);
      const values = Array.from(logits.values());
      const chosen = examples.map((_, row) =>
        labels.flatMap((__, label) => (Number(values[row * labels.length + label]) >= limit ? [label] : [])),
      );
      score.add(loss.scalar(), chosen, examples.map(labelsOf));
    },
    finish: score.finish,
  };
}

/** Any number of labels for a text: each is decided by itself. */
export const multiLabel: Objective<typeof options> = {
  spec: {
    id: 'multiLabel',
    name: { en: 'Several labels per text', ko: '여러 라벨 분류' },
    summary: {
      en: 'The model picks every label that fits a text, which may be several or none.',
      ko: '글에 맞는 라벨을 모두 고릅니다. 여럿일 수도, 하나도 없을 수도 있습니다.',
    },
    head: 'classes',
    roles: [
      ...textRoles,
      {
        role: 'label',
        isAnswer: true,
        help: {
          en: 'All right labels of each text in one cell: a list, or names with a comma between them.',
          ko: '글마다 맞는 라벨을 한 칸에 모두 적은 열입니다. 목록이거나 쉼표로 나눈 이름입니다.',
        },
      },
    ],
    needs: [['text', 'label']],
    prediction: 'labels',
    decidingMetric: { name: 'microF1', better: 'higher' },
    options,
  },
  fewestLabels: 1,
  collectLabels: (rows, { separator }) => sortLabels(rows, ({ label = '' }) => splitLabels(label, separator)),
  configChanges: () => ({ problem_type: 'multi_label_classification' }),
  open({ tokenizer, labels, options: { maximumLength, separator, threshold } }) {
    const classOf = new Map(labels.map((label, index) => [label, index]));
    return {
      prepareRows: (rows) =>
        gatherExamples(rows, (row) => {
          if (row.text.trim() === '' || row.label === undefined) return [];
          const { truncated, ...encoded } = encodeTexts(tokenizer, row, maximumLength);
          const target = splitLabels(row.label, separator).flatMap((label) => classOf.get(label) ?? []);
          return [{ example: { ...encoded, target: [...new Set(target)] }, truncated }];
        }),
      countTargets: (examples) => examples.length,
      measure: (model, examples, place, pass) => ({ loss: measure(model, examples, place, pass).loss }),
      startScore: () => startScore(labels, threshold),
      pose(row) {
        if (row.label === undefined) return null;
        const wanted = new Set(splitLabels(row.label, separator));
        return poseTexts(row, [...wanted].join(', '), (answer) => {
          if (answer.form !== 'labels') return false;
          const chosen = answer.labels.filter(({ probability }) => probability >= threshold);
          return chosen.length === wanted.size && chosen.every(({ label }) => wanted.has(label));
        });
      },
      predict: (model, rows, place) =>
        inBatches(
          rows.map((row) => ({ ...encodeTexts(tokenizer, row, maximumLength), target: [] })),
          (examples) => {
            const values = Array.from(sigmoid(classify(model, examples, place, evaluationPass)).values());
            return examples.map((_, row) => {
              const own = values.slice(row * labels.length, (row + 1) * labels.length);
              return { form: 'labels', labels: rankLabels(labels, own), threshold };
            });
          },
        ),
    };
  },
};
