import { defineOptions } from '../../contract/options.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { fromValues, mean, reshape, square, subtract } from '../ops/index.ts';
import { maximumLengthOption } from './commonOptions.ts';
import { pearson, spearman } from './correlation.ts';
import { gatherExamples } from './gatherExamples.ts';
import type { Objective, Score } from './objective.ts';
import { poseTexts } from './posing.ts';
import { inBatches } from './predictRows.ts';
import { encodeTexts, textRoles } from './textRows.ts';

const options = defineOptions({ maximumLength: maximumLengthOption(128) });

/** What transformers calls the only output of such a head. */
const outputName = 'LABEL_0';

function readNumber(label: string | undefined): number | null {
  const number = label === undefined || label.trim() === '' ? NaN : Number(label);
  return Number.isFinite(number) ? number : null;
}

function numberOf({ target }: Example): number {
  return typeof target === 'number' ? target : 0;
}

/** One number for each text `[batch]`. */
function judge(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const batch = collate(place, examples);
  return reshape(model.classify(model.encode(batch, pass), batch, pass), [examples.length]);
}

/** Mean of the squared differences. */
function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const found = judge(model, examples, place, pass);
  const wanted = Float32Array.from(examples, numberOf);
  const loss = mean(square(subtract(found, fromValues(place.backend, wanted, [wanted.length], 'float32'))));
  return { loss, found };
}

function startScore(): Score {
  const found: number[] = [];
  const wanted: number[] = [];
  return {
    take(model, examples, place) {
      found.push(...Array.from(judge(model, examples, place, evaluationPass).values()));
      wanted.push(...examples.map(numberOf));
    },
    finish() {
      const rows = Math.max(1, found.length);
      const errors = found.map((value, index) => value - (wanted[index] ?? 0));
      return {
        metrics: {
          loss: errors.reduce((sum, error) => sum + error * error, 0) / rows,
          meanAbsoluteError: errors.reduce((sum, error) => sum + Math.abs(error), 0) / rows,
          pearson: pearson(found, wanted),
          spearman: spearman(found, wanted),
        },
      };
    },
  };
}

/** A number for a text: similarity, grade, price. */
export const regression: Objective<typeof options> = {
  spec: {
    id: 'regression',
    name: { en: 'Score', ko: '점수 매기기' },
    summary: {
      en: 'The model gives a text a number: a grade, a similarity, a degree.',
      ko: '글에 숫자를 매깁니다. 평점, 유사도, 정도 같은 값입니다.',
    },
    head: 'classes',
    roles: [
      ...textRoles,
      {
        role: 'label',
        isAnswer: true,
        help: {
          en: 'The right number for each text. Numbers of about the same size as 1 are learned fastest.',
          ko: '글마다의 정답 숫자입니다. 1 안팎의 크기일 때 가장 빨리 배웁니다.',
        },
      },
    ],
    needs: [['text', 'label']],
    prediction: 'number',
    decidingMetric: { name: 'loss', better: 'lower' },
    options,
  },
  fewestLabels: 1,
  collectLabels(rows) {
    for (const { label } of rows) if (readNumber(label) !== null) return [outputName];
    return [];
  },
  configChanges: () => ({ problem_type: 'regression' }),
  open: ({ tokenizer, options: { maximumLength } }) => ({
    prepareRows: (rows) =>
      gatherExamples(rows, (row) => {
        const target = readNumber(row.label);
        if (target === null || row.text.trim() === '') return [];
        const { truncated, ...encoded } = encodeTexts(tokenizer, row, maximumLength);
        return [{ example: { ...encoded, target }, truncated }];
      }),
    countTargets: (examples) => examples.length,
    measure: (model, examples, place, pass) => ({ loss: measure(model, examples, place, pass).loss }),
    startScore,
    pose(row) {
      const wanted = readNumber(row.label);
      return wanted === null ? null : poseTexts(row, String(wanted));
    },
    predict: (model, rows, place) =>
      inBatches(
        rows.map((row) => ({ ...encodeTexts(tokenizer, row, maximumLength), target: 0 })),
        (examples) => {
          const values = Array.from(judge(model, examples, place, evaluationPass).values());
          return values.map((value) => ({ form: 'number', value }));
        },
      ),
  }),
};
