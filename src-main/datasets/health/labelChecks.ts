import { describeProblem } from '../../contract/errors/index.ts';
import { imbalanceRatio, measureClassBalance } from './classImbalance.ts';
import { findLabelIssues } from './confidentLearning.ts';
import { crossValidate } from './crossValidation.ts';
import { type Check, noteOf } from './material.ts';
import { fewestRows, fewestRowsPerLabel, findScarceLabels } from './tooLittleData.ts';

const strongImbalance = 10;
/** Rows a label needs before a classifier's word about it means something. */
const fewestJudgedRows = 5;

export const checkClassImbalance: Check = ({ labels = [] }) => {
  const balance = measureClassBalance(labels);
  const ratio = imbalanceRatio(balance);
  const [rarest, commonest] = [balance[0], balance.at(-1)];
  if (rarest === undefined || commonest === undefined || ratio < strongImbalance) return undefined;
  const params = {
    rarest: rarest.label,
    least: rarest.count,
    commonest: commonest.label,
    most: commonest.count,
    ratio: Math.round(ratio),
  };
  const rows = labels.flatMap((label, row) => (label === rarest.label ? [row] : []));
  return {
    severity: 'notice',
    groups: [{ note: rarest.label, rows }],
    describe: () => describeProblem('health.classImbalance', params),
  };
};

export const checkTooLittleData: Check = ({ rows, labels, splits, options: { extent } }) => {
  const training = rows.flatMap((_, row) => (splits[row] === 'train' ? [row] : []));
  if (labels !== undefined) {
    const needed = fewestRowsPerLabel[extent];
    const given = training.map((row) => labels[row] ?? '');
    return {
      severity: 'notice',
      groups: findScarceLabels(given, extent).map(({ label }) => ({
        note: label,
        rows: training.filter((row) => labels[row] === label),
      })),
      describe: (counts) => describeProblem('health.tooLittleData', { ...counts, needed }),
    };
  }
  const needed = fewestRows[extent];
  if (training.length >= needed || training.length === 0) return undefined;
  return {
    severity: 'notice',
    groups: [{ note: '', rows: training }],
    describe: (counts) => describeProblem('health.tooFewRows', { rows: counts.rows, needed }),
  };
};

/** Confident learning over the predictions of a classifier of our own that never saw the row it judges. */
export const checkLabelErrors: Check = (material) => {
  const { labels, texts } = material;
  if (labels === undefined) return undefined;
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const judged = labels.flatMap((label, row) => ((counts.get(label) ?? 0) >= fewestJudgedRows ? [row] : []));
  const names = [...counts].flatMap(([label, count]) => (count >= fewestJudgedRows ? [label] : []));
  if (names.length < 2) return undefined;
  const numbers = new Map(names.map((name, number) => [name, number]));
  const predictions = crossValidate(
    judged.map((row) => texts[row] ?? ''),
    judged.map((row) => numbers.get(labels[row] ?? '') ?? 0),
    names.length,
  );
  const accuracy = Math.round(100 * predictions.accuracy);
  const issues = findLabelIssues({ probabilities: predictions.probabilities, labels: predictions.labels });
  return {
    severity: 'notice',
    groups: issues.map(({ row: index, suggested }) => {
      const row = judged[predictions.rows[index] ?? 0] ?? 0;
      const suggestion = names[suggested] ?? '';
      return {
        rows: [row],
        note: `${labels[row] ?? ''} → ${suggestion}: ${noteOf(material, row)}`,
        suggestion,
      };
    }),
    describe: (found) =>
      describeProblem('health.labelErrors', { ...found, judged: predictions.rows.length, accuracy }),
  };
};
