/**
 * Confident learning: which labels a model's out-of-sample predictions speak against.
 * Northcutt, Jiang, Chuang, https://arxiv.org/abs/1911.00068. Results are those of cleanlab's `find_label_issues` with its
 * defaults (`prune_by_noise_rate`) and of its label quality scores.
 */

export interface Predictions {
  /** Predicted probabilities `[rows][classes]`, each row made by a model that did not see it. */
  readonly probabilities: readonly (readonly number[])[];
  /** Given labels as class numbers, `[rows]`. */
  readonly labels: readonly number[];
}

const lowestThreshold = 1e-8;
const unreachable = 2;
const tolerance = 1e-6;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function argmax(values: readonly number[]): number {
  let best = 0;
  for (let index = 1; index < values.length; index++)
    if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}

/** Indices by rising value; equal ones keep their order. */
function orderOf(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
}

/** Half to even, as numpy rounds. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Whole numbers near the given ones with the same (rounded) total. */
function roundKeepingSum(values: readonly number[]): number[] {
  const whole = values.map(roundHalfEven);
  const wanted = roundHalfEven(sum(values));
  for (let missing = wanted - sum(whole); missing !== 0; missing = wanted - sum(whole)) {
    const step = missing < 0 ? -1 : 1;
    const order = orderOf(values.map((value, index) => value - (whole[index] ?? 0)));
    if (step > 0) order.reverse();
    for (const index of order.slice(0, Math.min(Math.abs(missing), values.length))) {
      whole[index] = (whole[index] ?? 0) + step;
    }
  }
  return whole;
}

/** For each class, how sure the model is of it on average where it is the given label. `[classes]` */
export function confidentThresholds({ probabilities, labels }: Predictions): number[] {
  const classes = probabilities[0]?.length ?? 0;
  const totals = Array<number>(classes).fill(0);
  const counts = Array<number>(classes).fill(0);
  labels.forEach((label, row) => {
    totals[label] = (totals[label] ?? 0) + (probabilities[row]?.[label] ?? 0);
    counts[label] = (counts[label] ?? 0) + 1;
  });
  return totals.map((total, label) => {
    const count = counts[label] ?? 0;
    return Math.max(lowestThreshold, count === 0 ? unreachable : total / count);
  });
}

/** Rows by given class (first index) and class the model is confident of; calibrated to the counts of given labels. */
export function confidentJoint(predictions: Predictions): number[][] {
  const { probabilities, labels } = predictions;
  const thresholds = confidentThresholds(predictions);
  const classes = thresholds.length;
  const joint = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  const counts = Array<number>(classes).fill(0);
  labels.forEach((given, row) => {
    counts[given] = (counts[given] ?? 0) + 1;
    const values = probabilities[row] ?? [];
    const confident = values.flatMap((value, label) =>
      value >= (thresholds[label] ?? unreachable) - tolerance ? [label] : [],
    );
    const [only] = confident;
    if (only === undefined) return;
    const guess = confident.length > 1 ? argmax(values) : only;
    const counted = joint[given];
    if (counted !== undefined) counted[guess] = (counted[guess] ?? 0) + 1;
  });
  const scaled = joint.map((row, given) => {
    const filled = row.map((count, guess) => (guess === given ? Math.max(1, count) : count));
    const total = sum(filled);
    return filled.map((count) => (count / total) * (counts[given] ?? 0));
  });
  const total = sum(scaled.map(sum));
  return scaled.map((row) => roundKeepingSum(row.map((value) => (value / total) * labels.length)));
}

/** How many rows of each given class to suspect for each other class, at least one left in each: `[guess][given]`. */
function suspectCounts(joint: readonly (readonly number[])[]): number[][] {
  const transposed = joint.map((_, guess) => joint.map((row) => row[guess] ?? 0));
  const lacking = transposed.map((row, given) => Math.max(0, 1 - (row[given] ?? 0)));
  const rates = joint.map((row) => Math.max(1, row.filter((count) => count !== 0).length - 1));
  const reduced = transposed.map((row, guess) =>
    row.map((count, given) =>
      guess === given ? Math.max(count, 1) : Math.max(0, count - (lacking[given] ?? 0) / (rates[given] ?? 1)),
    ),
  );
  return reduced.map(roundKeepingSum);
}

export interface LabelIssue {
  readonly row: number;
  /** The probability of the given label: the lower, the more suspicious. */
  readonly quality: number;
  /** The class the model would give. */
  readonly suggested: number;
}

/** Rows whose label is probably wrong, the most suspicious first. */
export function findLabelIssues(predictions: Predictions): LabelIssue[] {
  const { probabilities, labels } = predictions;
  const counts = suspectCounts(confidentJoint(predictions));
  const suspected = new Set<number>();
  counts.forEach((_, given) => {
    const rows = labels.flatMap((label, row) => (label === given ? [row] : []));
    if (rows.length <= 1) return;
    counts.forEach((row, guess) => {
      const wanted = row[given] ?? 0;
      if (guess === given || wanted <= 0) return;
      const margins = rows.map((at) => (probabilities[at]?.[given] ?? 0) - (probabilities[at]?.[guess] ?? 0));
      for (const index of orderOf(margins).slice(0, wanted)) suspected.add(rows[index] ?? 0);
    });
  });
  return [...suspected]
    .map((row) => {
      const values = probabilities[row] ?? [];
      return { row, quality: values[labels[row] ?? 0] ?? 0, suggested: argmax(values) };
    })
    .filter(({ row, suggested }) => suggested !== labels[row])
    .sort((one, other) => one.quality - other.quality || one.row - other.row);
}
