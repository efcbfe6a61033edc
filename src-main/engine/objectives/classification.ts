import type { RowContent } from '../../contract/methods.ts';
import { defineOptions } from '../../contract/options.ts';
import { collate } from '../data/collate.ts';
import type { BatchPlace } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { crossEntropy, fromValues, indicesFrom } from '../ops/index.ts';
import { startClassificationScore } from './classificationScore.ts';
import { classWeightsOption, maximumLengthOption, weighClasses } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import type { Objective, Score } from './objective.ts';
import { choices, forEachMember, probabilities } from './members.ts';
import { poseTexts } from './posing.ts';
import { inBatches } from './predictRows.ts';
import { encodeTexts, rankLabels, sortLabels, textRoles } from './textRows.ts';

const options = defineOptions({ maximumLength: maximumLengthOption(128), classWeights: classWeightsOption });

function targetsOf(examples: readonly Example[]): number[] {
  return examples.map(({ target }) => (typeof target === 'number' ? target : 0));
}

function weightOf({ weight = 1 }: Example): number {
  return weight;
}

function classify(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const batch = collate(place, examples);
  return model.classify(model.encode(batch, pass), batch, pass);
}

function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const logits = classify(model, examples, place, pass);
  const targets = targetsOf(examples);
  const weights = forEachMember(model, examples.map(weightOf));
  const isWeighted = weights.some((weight) => weight !== 1);
  const loss = crossEntropy(
    logits,
    indicesFrom(place.backend, forEachMember(model, targets)),
    isWeighted
      ? fromValues(place.backend, Float32Array.from(weights), [weights.length], 'float32')
      : undefined,
  );
  return { loss, targets, predict: () => choices(model, logits) };
}

function countTargets(examples: readonly Example[]): number {
  return examples.reduce((sum, example) => sum + weightOf(example), 0);
}

function startScore(labels: readonly string[]): Score {
  const score = startClassificationScore(labels);
  return {
    take(model, examples, place) {
      const { loss, targets, predict } = measure(model, examples, place, evaluationPass);
      score.add(loss.scalar(), countTargets(examples), predict(), targets);
    },
    finish: score.finish,
  };
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
    head: 'classes',
    roles: [
      ...textRoles,
      {
        role: 'label',
        isAnswer: true,
        help: { en: 'The right answer for each text.', ko: '글마다의 정답입니다.' },
      },
    ],
    needs: [['text', 'label']],
    prediction: 'labels',
    decidingMetric: { name: 'accuracy', better: 'higher' },
    options,
  },
  fewestLabels: 2,
  collectLabels: (rows) => sortLabels(rows, ({ label = '' }) => [label]),
  configChanges: () => ({ problem_type: 'single_label_classification' }),
  open({ tokenizer, labels, options: { maximumLength, classWeights }, trainRows }) {
    const classOf = new Map(labels.map((label, index) => [label, index]));
    const classIn = ({ label }: RowContent) => (label === undefined ? undefined : classOf.get(label));
    const weights = weighClasses(
      classWeights,
      trainRows.flatMap((row) => classIn(row) ?? []),
    );
    return {
      prepareRows: (rows) =>
        gatherExamples(rows, (row) => {
          const target = classIn(row);
          if (target === undefined || row.text.trim() === '') return [];
          const { truncated, ...encoded } = encodeTexts(tokenizer, row, maximumLength);
          const weight = weights.get(target);
          return [
            { example: { ...encoded, target, ...(weight === undefined ? {} : { weight }) }, truncated },
          ];
        }),
      countTargets,
      measure(model, examples, place, pass) {
        const { loss, targets, predict } = measure(model, examples, place, pass);
        return {
          loss,
          tally() {
            const predicted = predict();
            const right = targets.filter((target, row) => predicted[row] === target).length;
            return { right, total: targets.length };
          },
        };
      },
      startScore: () => startScore(labels),
      pose(row) {
        const { label } = row;
        if (label === undefined || classIn(row) === undefined) return null;
        return poseTexts(
          row,
          label,
          (answer) => answer.form === 'labels' && answer.labels[0]?.label === label,
        );
      },
      predict: (model, rows, place) =>
        inBatches(
          rows.map((row) => ({ ...encodeTexts(tokenizer, row, maximumLength), target: 0 })),
          (examples) => {
            const values = probabilities(model, classify(model, examples, place, evaluationPass));
            return examples.map((_, row) => {
              const own = values.slice(row * labels.length, (row + 1) * labels.length);
              return { form: 'labels', labels: rankLabels(labels, own) };
            });
          },
        ),
    };
  },
};
